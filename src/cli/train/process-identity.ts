// Which process this is, in words that another process can check later: process numbers are used again, and clocks jump. Linux
// says it in /proc; macOS through ps and sysctl; elsewhere the number alone has to do.
import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { promisify } from 'node:util'
import { checkedBy, optional, partOf, text, type Reader } from '../../base/schema.js'
import { wholeNumber } from '../../base/options.js'

/** A process, as itself wrote it down. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in the words of its system: since the boot, where there is /proc. */
  readonly started?: string | undefined
  /** The boot of its machine. */
  readonly boot?: string | undefined
  /** The space of its process numbers: that of its container. */
  readonly numbers?: string | undefined
  readonly host: string
}

const short = text(1024)

export const readIdentity: Reader<ProcessIdentity> = partOf<ProcessIdentity>({
  pid: checkedBy(wholeNumber(1)),
  started: optional(short),
  boot: optional(short),
  numbers: optional(short),
  host: short
})

export async function ownIdentity(): Promise<ProcessIdentity> {
  const [state, { boot, numbers, host }] = await Promise.all([stateOf(process.pid), place()])
  return { pid: process.pid, started: state?.started, boot, numbers, host }
}

/** Whether a process still runs; `unknown` for those of other machines and containers, which cannot be seen from here. */
export async function fateOf(identity: ProcessIdentity): Promise<'alive' | 'dead' | 'unknown'> {
  const here = await place()
  if (identity.boot !== here.boot) return identity.host === here.host ? 'dead' : 'unknown'
  if (identity.numbers !== here.numbers) return 'unknown'
  // Without a name of the boot, this may be another machine.
  if (here.boot === undefined && identity.host !== here.host) return 'unknown'
  const state = await stateOf(identity.pid)
  if (!state) return 'dead'
  const isKnown = identity.started !== undefined && state.started !== undefined
  return !isKnown || state.started === identity.started ? 'alive' : 'dead'
}

async function place(): Promise<Pick<ProcessIdentity, 'boot' | 'numbers' | 'host'>> {
  const quietly = (reading: Promise<string>): Promise<string | undefined> =>
    reading.then(
      found => found.trim(),
      () => undefined
    )
  const [boot, numbers] = await Promise.all([
    process.platform === 'darwin'
      ? quietly(output('sysctl', '-n', 'kern.bootsessionuuid'))
      : quietly(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    quietly(readlink('/proc/self/ns/pid'))
  ])
  return { boot, numbers, host: hostname() }
}

/** When a process started; undefined for one that has ended, even if nobody has waited for it. */
async function stateOf(pid: number): Promise<{ readonly started: string | undefined } | undefined> {
  if (process.platform === 'darwin') return macState(pid)
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return hasNumber(pid) ? { started: undefined } : undefined
  // The name before, in brackets, may hold any character.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return /[ZXx]/.test(state) ? undefined : { started: fields[START_TIME] }
}

/** The 22nd field of /proc/PID/stat, counted after the third. */
const START_TIME = 18

async function macState(pid: number): Promise<{ readonly started: string } | undefined> {
  const line = await output('ps', '-o', 'stat=,lstart=', '-p', String(pid)).catch(() => '')
  const [state, ...started] = line.trim().split(/\s+/)
  return state === '' || state.startsWith('Z') ? undefined : { started: started.join(' ') }
}

async function output(command: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  return (await promisify(execFile)(command, args, { env })).stdout
}

/** Whether a process has this number, where nothing more is known of it. */
function hasNumber(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
