// A format that the product reads, as the fuzzer sees it.
import type { Random } from './random.js'

/** Draws inputs of a format and gives them to what reads it. */
export interface Reading<Input = unknown> {
  /** A damaged or malicious input: the same for the same choices. */
  readonly draw: (random: Random) => Input
  /**
   * Reads it.
   * @returns `'changed'` when a file that carries a digest was read as something else than what was written.
   */
  readonly read: (input: Input) => Promise<unknown>
}

export interface Format {
  readonly name: string
  /**
   * Loads the files that are damaged, once in each process.
   * @param folder for what is read from files: the process's own, removed after it.
   */
  readonly open: (folder: string) => Promise<Reading>
}

/** A format, whose inputs are of one type. */
export function format<Input>(name: string, open: (folder: string) => Promise<Reading<Input>>): Format {
  return { name, open: open as Format['open'] }
}
