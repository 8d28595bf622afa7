// What goes wrong with a file of weights, as one sentence that names the file and the fault.
import { ResnetError } from '../tensor/errors.js'

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

/** A name from a file as messages show it: escaped, and of a length that fits a line. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 99)}…` : name)
}
