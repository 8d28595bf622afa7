// A user's file may do anything while it loads: end the process, wait for what never comes, fail behind everybody's back.
// None of that may pass for success, nor end in a stack trace.
import { reportError } from './report-error.js'
import { say } from './moving-line.js'

/**
 * Watches how the process ends.
 * @returns to be called when the command is through; what happens afterwards is as it should be.
 */
export function watchEnd(): () => void {
  let isThrough = false
  process.on('unhandledRejection', cause => {
    process.exit(reportError(cause, process.argv.includes('--debug')))
  })
  process.on('exit', code => {
    // 13 is what Node says when all there was to do is waiting for something that never comes.
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
