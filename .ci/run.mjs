// Runs each command and counts the results: a test suite counts by test, any other command as one.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'resnet-ts-ci-'))
let [passed, failed] = [0, 0]

function run(args) {
  console.log(`\n$ npm ${args.join(' ')}`)
  return spawnSync('npm', args, { stdio: 'inherit' }).status === 0
}

function check(...args) {
  if (run(args)) passed++
  else failed++
}

function suite(script) {
  const report = join(folder, `${script.replace(':', '-')}.json`)
  const isFine = run([
    'run',
    script,
    '--',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`
  ])
  let counts
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    console.log(`${script}: did not write a report`)
  }
  passed += counts?.numPassedTests ?? 0
  failed += counts?.numFailedTests ?? 0
  // A suite can also fail outside its tests: a file that does not load, an unhandled rejection.
  if (!isFine && !counts?.numFailedTests) failed++
}

// Browser tests need Chromium.
if (!existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium') && process.getuid?.() === 0) {
  const apt = args => spawnSync('apt-get', ['-qq', ...args], { stdio: 'inherit' })
  apt(['update'])
  apt(['install', '-y', '--no-install-recommends', 'chromium'])
}

check('run', 'quickstart')
suite('test')
check('run', 'lint')
check('run', 'types')
check('run', 'docs')
suite('test:browser')
suite('test:slow')

rmSync(folder, { recursive: true, force: true })
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
