// What goes wrong with a file of weights, as one sentence that names the file and the fault.
import { ResnetError } from '../base/errors.js'

/** A file of weights that cannot be read or written. */
export class WeightsError extends ResnetError {
  /** What is wrong, without the file's name. */
  readonly fault: string
  /** The file, once it is known: the readers of the formats see bytes and leave it to their caller. */
  readonly file: string | undefined

  constructor(fault: string, file?: string, options?: ErrorOptions) {
    super(file === undefined ? fault : `${file}: ${fault}`, options)
    this.fault = fault
    this.file = file
  }
}

const MAX_QUOTED = 120

/** A name from a file as messages show it: escaped, and of a length that fits a line. */
export function quote(name: string): string {
  // What a terminal would obey or a reader could not see: controls, line separators, changes of direction.
  const text = JSON.stringify(name.slice(0, MAX_QUOTED)).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    char => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
  )
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED - 2)}…"` : text
}
