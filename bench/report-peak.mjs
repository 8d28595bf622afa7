// Preloaded into a process: prints its peak memory in bytes when it ends. The kernel's own high-water mark is read,
// because what getrusage says includes the memory of whoever started the process.
import { readFileSync } from 'node:fs'

process.on('exit', () => {
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  process.stderr.write(`peak ${kibibytes * 1024}\n`)
})
