// What goes wrong with a file of weights. The readers of the formats see bytes and throw a `Fault`.
import { PathError } from '../base/errors.js'

/** A file of weights that cannot be read or written. */
export class WeightsError extends PathError {}
