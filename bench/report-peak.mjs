// Preloaded into a process: prints its peak memory in bytes on exit. It reads VmHWM, because getrusage includes the
// memory of the parent process before exec.
import { readFileSync } from 'node:fs'

process.on('exit', () => {
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  process.stderr.write(`peak ${kibibytes * 1024}\n`)
})
