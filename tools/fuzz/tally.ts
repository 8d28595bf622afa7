// Counts of what became of inputs, and the table of them.

/** What can become of an input. */
export const OUTCOMES = ['read', 'refused', 'untyped', 'slow', 'silent', 'hung'] as const

/**
 * `read` and `refused`, by a typed error, are right. `untyped`: any other error; `slow`: over two seconds of CPU time;
 * `silent`: a digested file was read as another; `hung`: the process had to be ended, or ended itself.
 */
export type Outcome = (typeof OUTCOMES)[number]

const RIGHT: readonly Outcome[] = ['read', 'refused']

export type Counts = Record<Outcome, number>

/** An input that something is wrong with. */
export interface Finding {
  readonly format: string
  readonly index: number
  readonly outcome: Outcome
  readonly message: string
}

export function noCounts(): Counts {
  return Object.fromEntries(OUTCOMES.map(outcome => [outcome, 0])) as Counts
}

export function addCounts(to: Counts, more: Counts): void {
  for (const outcome of OUTCOMES) to[outcome] += more[outcome]
}

export function inputsIn(counts: Counts): number {
  return OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0)
}

export function isRight(outcome: Outcome): boolean {
  return RIGHT.includes(outcome)
}

/** Rows by format, and their sum. */
export function tableOf(counts: ReadonlyMap<string, Counts>): string {
  const sum = noCounts()
  for (const each of counts.values()) addCounts(sum, each)
  const rows = [...counts, ['all', sum] as const].map(([name, each]) => [
    name,
    ...[inputsIn(each), ...OUTCOMES.map(outcome => each[outcome])].map(count => count.toLocaleString('en'))
  ])
  const table = [['format', 'inputs', ...OUTCOMES], ...rows]
  const widths = table[0].map((_, column) => Math.max(...table.map(row => row[column].length)))
  return table
    .map(row =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')
    )
    .join('\n')
}
