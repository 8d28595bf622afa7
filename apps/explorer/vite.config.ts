// Builds the page: a static folder that works at any path of any web server.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { defineConfig, type Plugin } from 'vite'

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
  plugins: [withoutRuntime(), serviceWorker()],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    license: { fileName: 'LICENSES.md' },
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { bundlerTimings: false } }
  }
})
