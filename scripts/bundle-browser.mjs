// Bundles the built library for pages without a bundler: a script for each entry, what they share, the workers beside
// them, and the assets they read.
// ONNX Runtime's .wasm files, forty megabytes, stay in their package: `resnet bundle` puts them there as well.
import { build } from 'esbuild'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
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
      ...Object.fromEntries(
        readdirSync(join(built, 'api'))
          .filter(name => name.endsWith('.js'))
          .map(name => [name.slice(0, -'.js'.length), join(built, 'api', name)])
      ),
      'ort-wasm-worker': join(built, 'runtime/ort-wasm-worker.js'),
      'ort-webgpu-worker': join(built, 'runtime/ort-webgpu-worker.js'),
      'loader-worker': join(built, 'data/loader-worker.js')
    },
    outdir: out,
    bundle: true,
    // What several entries need is there once: a class is the same from wherever it is imported.
    splitting: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    // A module prints its class's name.
    keepNames: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'browser',
        setup({ onLoad, onResolve }) {
          // package.json maps these to dist/, which may be missing or old while a new one is made.
          onResolve({ filter: /^#platform$/ }, () => ({ path: join(built, 'platform/browser.js') }))
          onResolve({ filter: /^#uplot$/ }, () => ({ path: join(built, 'explain/page/uplot-text.js') }))
          onResolve({ filter: /^#ort-workers$/ }, () => ({
            path: join(built, 'runtime/browser-ort-workers.js')
          }))
          // Assets are found by their place, and the bundle is in another.
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
