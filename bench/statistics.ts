// Medians, and ratios of medians with their spread over rounds. Contenders alternate, because machines drift.

/** The median. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const PAUSE_MS = 100

/** A function to time. */
export interface Contender {
  readonly name: string
  /** The ratio to reach: the peer's time over ours. */
  readonly goal?: number
  sample(): Promise<readonly number[]>
}

/** The milliseconds of each run of a function, after one warm-up run. */
export async function timed(run: () => unknown, runs: number): Promise<number[]> {
  const times: number[] = []
  await run()
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  return times
}

/** Times all contenders in alternation and prints each peer's time over ours. */
export async function compare(
  title: string,
  ours: Contender,
  peers: readonly Contender[],
  rounds: number
): Promise<void> {
  const all = [ours, ...peers]
  const medians = all.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    // Each round starts with another contender; the pause lets the threads of the previous one go idle.
    for (let turn = 0; turn < all.length; turn++) {
      const i = (round + turn) % all.length
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
      medians[i].push(median(await all[i].sample()))
    }
  }
  console.log(`\n${title}`)
  console.log(`  ${ours.name.padEnd(44)} ${format(median(medians[0]))}`)
  for (const [i, peer] of peers.entries()) {
    const ratios = medians[i + 1].map((time, round) => time / medians[0][round])
    const goal = peer.goal === undefined ? '' : `  goal ≥ ${peer.goal.toFixed(peer.goal < 1 ? 2 : 1)}×`
    console.log(
      `  ${peer.name.padEnd(44)} ${format(median(medians[i + 1]))}   ${median(ratios).toFixed(2)}× ` +
        `(${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})${goal}`
    )
  }
}

function format(ms: number): string {
  return `${ms.toFixed(ms < 100 ? 1 : 0).padStart(7)} ms`
}
