// How the page is built: a static folder that works from any place on any web server.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Kernels are megabytes, and only running a network needs them: they are kept when they are first asked for. */
const KEPT_WHEN_USED = '.wasm'

/** Writes the service worker with the names of the files that the page is made of. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const files = Object.keys(bundle).filter(file => !file.endsWith(KEPT_WHEN_USED))
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

export default defineConfig({
  root: here('.'),
  base: './',
  cacheDir: here('../../node_modules/.vite-explorer'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  plugins: [serviceWorker()],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    license: { fileName: 'LICENSES.md' },
    modulePreload: { polyfill: false }
  }
})
