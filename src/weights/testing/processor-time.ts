/**
 * The processor time of this process in milliseconds: unlike the clock, it does not count what other programs take. A page has the
 * clock alone.
 */
export function processorTime(): number {
  if (!('process' in globalThis && 'cpuUsage' in process)) return performance.now()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
