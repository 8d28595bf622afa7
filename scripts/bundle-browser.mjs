// Bundles the built library for pages without a bundler: one script, its workers, and their assets.
// ONNX Runtime's .wasm files (40 MB) stay in their package; `resnet bundle` copies them.
import { build } from 'esbuild'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { licences } from './licences.mjs'

const ASSETS = /new URL\('\.\.\/\.\.\/assets\/([^']+)'/g

/** Writes `browser/` into a built folder. */
export async function bundleBrowser(root, built) {
  const out = join(built, 'browser')
  const assets = new Set()
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      'resnet-ts': join(built, 'index.js'),
      'ort-wasm-worker': join(built, 'runtime/ort-wasm-worker.js'),
      'ort-webgpu-worker': join(built, 'runtime/ort-webgpu-worker.js'),
      'loader-worker': join(built, 'data/loader-worker.js')
    },
    outdir: out,
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    // Printing a module prints its class's name.
    keepNames: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'browser',
        setup({ onLoad, onResolve }) {
          // package.json maps these to dist/, which may be missing or outdated during a build.
          onResolve({ filter: /^#platform$/ }, () => ({ path: join(built, 'platform/browser.js') }))
          onResolve({ filter: /^#uplot$/ }, () => ({ path: join(built, 'explain/page/uplot-text.js') }))
          onResolve({ filter: /^#ort-workers$/ }, () => ({
            path: join(built, 'runtime/browser-ort-workers.js')
          }))
          // Assets are located relative to the module, so their URLs change with the bundle's folder.
          onLoad({ filter: /\.js$/ }, ({ path }) => {
            const text = readFileSync(path, 'utf8')
            if (!text.includes("'../../assets/")) return undefined
            const contents = text.replace(ASSETS, (_, name) => {
              assets.add(name)
              return `new URL('./${name}'`
            })
            return { contents }
          })
        }
      }
    ]
  })
  for (const name of assets) cpSync(join(root, 'assets', name), join(out, name))
  writeFileSync(join(out, 'LICENSES.txt'), licences(root, Object.keys(metafile.inputs)))
}
