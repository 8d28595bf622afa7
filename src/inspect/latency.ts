// How long things take that are to be compared: in turn, so that whatever else the machine does falls on all of them.

/** Milliseconds of one run: the median, and the quartiles around it. */
export interface Latency {
  readonly median: number
  readonly lower: number
  readonly upper: number
  readonly runs: number
}

/** How often something runs. */
export interface LatencyOptions {
  /** Measured runs of each; default 20. */
  readonly runs?: number
  /** Runs of each before, that do not count; default 3. */
  readonly warmUps?: number
  /** A clock in milliseconds; default `performance.now`. */
  readonly now?: () => number
}

/** Runs everything in turn, every other round in the opposite order, and says how long each took. */
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

/** Between the two nearest, in proportion (type 7 of Hyndman & Fan 1996, NumPy's default). */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.ceil(place)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}
