// Builds the page: a static folder that works at any path of any web server.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { defineConfig, type Plugin } from 'vite'
import { licences } from '../../scripts/bundling.mjs'
import { pagePolicy, SANDBOX_SCRIPT } from './src/lab/sandbox.js'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const root = here('../..')

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

/** What the page is made of, and its workers, each of which is a build of its own. */
const bundled = new Set<string>()

/** Notes the files of a build. */
function noteFiles(): Plugin {
  return {
    name: 'note-files',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        for (const id of file.type === 'chunk' ? file.moduleIds : []) bundled.add(relative(root, id))
      }
    }
  }
}

/** Writes the licences of all of it; the workers are built before the page is. */
function licenceTexts(): Plugin {
  return {
    name: 'licence-texts',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'LICENSES.md', source: licences(root, [...bundled]) })
    }
  }
}

/** Writes the worker that runs user code, as one file: nothing can be loaded where it runs. */
function pastedWorker(): Plugin {
  return {
    name: 'pasted-worker',
    apply: 'build',
    async buildStart() {
      const { outputFiles, metafile } = await build({
        absWorkingDir: root,
        metafile: true,
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
      for (const file of Object.keys(metafile.inputs)) bundled.add(file)
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
    plugins: () => [noteFiles()],
    rolldownOptions: { output: { keepNames: true, assetFileNames } }
  },
  plugins: [
    withoutRuntime(),
    pastedWorker(),
    contentSecurityPolicy(),
    noteFiles(),
    licenceTexts(),
    serviceWorker()
  ],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { bundlerTimings: false } }
  }
})
