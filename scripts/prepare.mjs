// Prepares a checkout to run, if it is out of date: installs the dependencies in package-lock.json, then builds the
// library, and with the argument `explorer` the explorer's page. It prints to stderr, to keep a command's stdout clean.
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
    // onnxruntime-node's install script downloads CUDA libraries; the CPU kernels are in the package.
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
  // The failed command has printed the reason.
  process.exit(error.status ?? 1)
}
