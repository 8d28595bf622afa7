// Makes a checkout ready to run, and does nothing when it is: installs what package-lock.json names, then builds what
// changed; with the argument `explorer` the explorer's page, too. All it says goes to stderr, so that a command's own
// output stays clean.
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const changed = name => statSync(new URL(name, root), { throwIfNoEntry: false })?.mtimeMs ?? 0
const newest = folder =>
  readdirSync(new URL(`${folder}/`, root), { withFileTypes: true, recursive: true }).reduce(
    (latest, entry) => Math.max(latest, statSync(`${entry.parentPath ?? entry.path}/${entry.name}`).mtimeMs),
    changed(folder)
  )

function run(what, command, ...args) {
  process.stderr.write(`${what} …\n`)
  execFileSync(command, args, {
    cwd: fileURLToPath(root),
    stdio: ['ignore', 2, 2],
    // onnxruntime-node's install script fetches CUDA libraries from the network; the kernels for the CPU are inside.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    shell: process.platform === 'win32'
  })
}

try {
  if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
    run('Installing dependencies', 'npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error')
  }
  const sources = Math.max(newest('src'), changed('tsconfig.json'), changed('tsconfig.build.json'))
  if (changed('dist/.built') < sources) run('Building', process.execPath, 'scripts/build.mjs')
  if (process.argv.includes('explorer')) {
    const page = Math.max(newest('apps/explorer'), changed('dist/.built'))
    if (changed('dist/.built-explorer') < page) {
      run('Building the explorer', process.execPath, 'scripts/build-explorer.mjs')
    }
  }
} catch (error) {
  // What failed has said why.
  process.exit(error.status ?? 1)
}
