// What the fuzzer's process tells the processes that try inputs, and what they answer.
import type { Counts, Finding } from './tally.js'

/** Inputs of one format to try: `from`, `from + step`, … */
export interface Task {
  readonly format: string
  readonly seed: number
  readonly from: number
  readonly step: number
  /** Ends after so many inputs, … */
  readonly inputs: number
  /** … or so many milliseconds. */
  readonly milliseconds: number
  /** A file that holds the index of the input that is being tried, also when it never ends. */
  readonly place: string
}

/** What was found since the answer before. */
export interface Answer {
  readonly counts: Counts
  readonly findings: readonly Finding[]
  /** The next input, when the task has ended. */
  readonly next?: number
}
