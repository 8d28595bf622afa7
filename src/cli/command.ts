// The `resnet` command: its exit code, its output, and which copy of the package runs it.
import { createRequire } from 'node:module'
import { CommanderError } from 'commander'
import { resnetProgram } from './program.js'
import { commandFor, scriptIn, scriptsIn } from './relay.js'
import { watchEnd, watchOutput } from './terminal/ending.js'
import { reportError } from './terminal/report-error.js'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

async function run(): Promise<void> {
  watchOutput()
  const isDone = watchEnd(scriptsIn(process.argv.slice(2)))
  try {
    await resnetProgram(version).parseAsync()
    isDone()
  } catch (error) {
    // Commander has printed the error; --help and --version exit with 0.
    isDone()
    const isHelp = error instanceof CommanderError && error.exitCode === 0
    // Do not wait for pending work such as a download.
    if (!isHelp) process.exit(error instanceof CommanderError ? 2 : report(error))
  }
}

function report(error: unknown): number {
  return reportError(error, process.argv.includes('--debug'))
}

/** The command line of the copy that a user's file imports, if it is another one. */
async function otherCommand(): Promise<string | undefined> {
  const script = scriptIn(() => resnetProgram(version, () => {}), process.argv.slice(2))
  return script === undefined ? undefined : commandFor(script)
}

const other = await otherCommand().catch((error: unknown) => process.exit(report(error)))
await (other === undefined ? run() : import(other))
