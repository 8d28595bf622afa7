// User code may end the process, wait forever or fail asynchronously while it loads. Neither may pass as success or end in
// a stack trace.
import { reportError } from './report-error.js'
import { say } from './moving-line.js'

/**
 * Watches how the process ends.
 * @returns a function to call when the command has finished, which stops the watch.
 */
export function watchEnd(): () => void {
  let isThrough = false
  process.on('unhandledRejection', cause => {
    process.exit(reportError(cause, process.argv.includes('--debug')))
  })
  process.on('exit', code => {
    // 13 is Node's exit code for an unsettled top-level await.
    if (isThrough || (code !== 0 && code !== 13)) return
    say(
      code === 0
        ? 'the process was ended before the command was through'
        : 'the command waits for something that never comes'
    )
    process.exitCode = 2
  })
  return () => {
    isThrough = true
  }
}
