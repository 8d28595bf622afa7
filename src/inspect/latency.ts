// Measures alternatives in turn, so that other load affects all of them equally.

/** Milliseconds of a run: median and quartiles. */
export interface Latency {
  readonly median: number
  readonly lower: number
  readonly upper: number
  readonly runs: number
}

/** Options of the measurement. */
export interface LatencyOptions {
  /** Measured runs of each; default 20. */
  readonly runs?: number
  /** Unmeasured runs of each before; default 3. */
  readonly warmUps?: number
  /** A clock in milliseconds; default `performance.now`. */
  readonly now?: () => number
}

/** Runs all alternatives in turn, in alternating order, and measures each. */
export async function measureInTurn(
  jobs: readonly (() => Promise<unknown>)[],
  { runs = 20, warmUps = 3, now = () => performance.now() }: LatencyOptions = {}
): Promise<Latency[]> {
  const times: number[][] = jobs.map(() => [])
  const order = jobs.map((job, place) => ({ job, times: times[place] }))
  for (let round = -warmUps; round < runs; round++) {
    for (const { job, times } of round % 2 === 0 ? order : [...order].reverse()) {
      const start = now()
      await job()
      if (round >= 0) times.push(now() - start)
    }
  }
  return times.map(all => {
    const sorted = all.sort((a, b) => a - b)
    return {
      median: quantile(sorted, 0.5),
      lower: quantile(sorted, 0.25),
      upper: quantile(sorted, 0.75),
      runs
    }
  })
}

/** Linear interpolation (type 7 of Hyndman & Fan 1996, NumPy's default). */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.ceil(place)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}
