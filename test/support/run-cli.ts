// Runs the `resnet` command as a process.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The command's script. */
export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** The output and the exit code of a command. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command with these arguments. */
export function resnet(...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}

/** Runs the command and returns its stdout; fails if the command fails. */
export async function resnetOutput(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await resnet(...args)
  if (code !== 0) throw new Error(`resnet ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}
