// Builds the page: a static folder that works at any path of any web server.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { defineConfig, type Plugin } from 'vite'
import { pagePolicy, SANDBOX_SCRIPT } from './src/lab/sandbox.js'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Leaves ONNX Runtime's WebAssembly (40 MB) in its package, from where `resnet explore` serves it. */
function withoutRuntime(): Plugin {
  return {
    name: 'without-runtime',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.keys(bundle)) if (isRuntime(file)) Reflect.deleteProperty(bundle, file)
    }
  }
}

const isRuntime = (file: string): boolean => file.endsWith('.wasm')

/** Writes the worker that runs user code, as one file: nothing can be loaded where it runs. */
function pastedWorker(): Plugin {
  return {
    name: 'pasted-worker',
    apply: 'build',
    async buildStart() {
      const { outputFiles } = await build({
        entryPoints: [here('src/lab/pasted-worker.ts')],
        bundle: true,
        write: false,
        // No module: Chromium starts none from a blob in a frame without an origin.
        format: 'iife',
        // What the library would load from beside it; from here nothing is.
        define: { 'import.meta.url': JSON.stringify('http://nowhere.invalid/') },
        platform: 'browser',
        target: 'es2022',
        minify: true,
        keepNames: true,
        legalComments: 'none',
        // The package as others see it, not the paths to its sources.
        tsconfigRaw: {},
        logLevel: 'warning'
      })
      this.emitFile({ type: 'asset', fileName: 'pasted-worker.js', source: outputFiles[0].text })
    }
  }
}

/** Writes the page's policy into the page, for any web server, and into a file, for servers that send it as a header. */
function contentSecurityPolicy(): Plugin {
  const hash = createHash('sha256').update(SANDBOX_SCRIPT).digest('base64')
  const policy = pagePolicy(`sha256-${hash}`)
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
        injectTo: 'head-prepend'
      }
    ],
    buildStart() {
      const headers = { 'Content-Security-Policy': policy }
      this.emitFile({ type: 'asset', fileName: 'headers.json', source: JSON.stringify(headers) })
    }
  }
}

/** Writes the service worker with the names of the page's files. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async generateBundle(_options, bundle) {
      // The runtime is cached on its first request: only running a network needs it.
      const files = Object.keys(bundle)
      const source = await readFile(here('service-worker/service-worker.ts'), 'utf8')
      const contents = Object.values(bundle).map(file => (file.type === 'chunk' ? file.code : file.source))
      const version = createHash('sha256').update(source)
      for (const content of contents) version.update(content)
      const { code } = await transform(source, {
        loader: 'ts',
        format: 'esm',
        minify: true,
        define: {
          PAGE_FILES: JSON.stringify(['./', ...files.filter(file => file !== 'index.html')]),
          PAGE_VERSION: JSON.stringify(version.digest('hex').slice(0, 16))
        }
      })
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: code })
    }
  }
}

/** The runtime's files keep their names, in a folder of their own. */
const assetFileNames = ({ names }: { readonly names: readonly string[] }): string =>
  names.some(isRuntime) ? 'runtime/[name][extname]' : 'assets/[name]-[hash][extname]'

export default defineConfig({
  root: here('.'),
  base: './',
  cacheDir: here('../../node_modules/.vite-explorer'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // Networks print the names of their classes.
  worker: {
    format: 'es',
    rolldownOptions: { output: { keepNames: true, assetFileNames } }
  },
  plugins: [withoutRuntime(), pastedWorker(), contentSecurityPolicy(), serviceWorker()],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    license: { fileName: 'LICENSES.md' },
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { bundlerTimings: false } }
  }
})
