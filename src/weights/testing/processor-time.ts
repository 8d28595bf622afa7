/** The processor time of this process in milliseconds: unlike the clock, it does not count what other programs take. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
