import { CommanderError } from 'commander'
import { ResnetError } from '../../base/errors.js'
import { resnetProgram } from '../program.js'
import { oneLine } from '../terminal/report-error.js'

/** Runs a command that is expected to fail, in this process. @returns the line that the user sees. */
export async function told(...args: string[]): Promise<string> {
  const lines: string[] = []
  try {
    await resnetProgram('0.0.0', text => lines.push(text)).parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode !== 0) return lines.join('').trimEnd()
    if (error instanceof ResnetError) return `resnet: ${oneLine(error, args[0])}`
    throw error
  }
  throw new Error(`resnet ${args.join(' ')} ended without an error`)
}
