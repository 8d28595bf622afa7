// Bundles the built library for pages without a bundler: a script for each entry, what they share, the workers beside
// them, and the assets they read.
// ONNX Runtime's .wasm files (40 MB) stay in their package; `resnet bundle` copies them.
import { build } from 'esbuild'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { licences, ownModules } from './bundling.mjs'

/** Writes `browser/` into a built folder. */
export async function bundleBrowser(root, built) {
  const out = join(built, 'browser')
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
    loader: { '.gz': 'file', '.safetensors': 'file' },
    assetNames: '[name]',
    logLevel: 'warning',
    plugins: [
      ownModules(built, 'browser'),
      {
        name: 'assets',
        setup: ({ onLoad }) => onLoad({ filter: /\.js$/ }, ({ path }) => ({ contents: importAssets(path) }))
      }
    ]
  })
  writeFileSync(join(out, 'LICENSES.txt'), licences(root, Object.keys(metafile.inputs)))
}

/**
 * Rewrites `new URL('../x', import.meta.url)`, which esbuild does not support, as an asset import: `import asset0 from
 * '../x'`, `new URL(asset0, import.meta.url)`. Workers, `'./x'`, are entry points already.
 */
function importAssets(path) {
  const text = readFileSync(path, 'utf8')
  if (!text.includes('import.meta.url') || path.includes('node_modules')) return text
  const assets = []
  const visit = node => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
      const [place, base] = node.arguments
      if (ts.isStringLiteral(place) && place.text.startsWith('../') && base?.getText() === 'import.meta.url')
        assets.push(place)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true))
  const imports = assets.map((place, i) => `import asset${i} from ${place.getText()}\n`)
  let rest = text
  // From the end, so that earlier offsets stay valid.
  for (const [i, place] of [...assets.entries()].reverse())
    rest = `${rest.slice(0, place.getStart())}asset${i}${rest.slice(place.end)}`
  return imports.join('') + rest
}
