// Bundles the built command line into a few files: loading three hundred small modules took a sixth of the time of
// `resnet predict`. The library itself is not bundled, so that applications' bundlers can tree-shake it.
import { build } from 'esbuild'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { licences, ownModules } from './bundling.mjs'

// Native packages, and packages that locate their own files.
const EXTERNAL = ['sharp', 'onnxruntime-node', '@resvg/resvg-js']

/** Bundles `cli/main.js` and `cli/command.js` of a built folder in place, with its workers and the licences of what went into it. */
export async function bundleCli(root, built) {
  const bundled = join(built, 'cli-bundled')
  const options = {
    absWorkingDir: root,
    outdir: bundled,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [ownModules(built, 'node')]
  }
  await build({ ...options, entryPoints: { main: join(built, 'cli/main.js') }, external: ['./command.js'] })
  const { metafile } = await build({
    ...options,
    entryPoints: {
      command: join(built, 'cli/command.js'),
      // In the same folder, where node-ort-workers.ts and node-loader-workers.ts look for them.
      'ort-node-worker': join(built, 'runtime/ort-node-worker.js'),
      'loader-worker': join(built, 'data/loader-worker.js')
    },
    splitting: true,
    metafile: true,
    external: EXTERNAL,
    // CommonJS packages load Node's modules with `require`.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);"
    }
  })
  writeFileSync(join(bundled, 'LICENSES.txt'), licences(root, Object.keys(metafile.inputs)))
  // Of the same modules as the library, for users' own networks: src/cli/relay.ts looks for it there.
  renameSync(join(built, 'cli'), join(built, 'command'))
  renameSync(bundled, join(built, 'cli'))
}
