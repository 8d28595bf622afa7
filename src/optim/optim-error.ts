// What goes wrong while somebody says how to train, as one sentence that names the option.
import { ResnetError } from '../base/errors.js'

/** Optimiser, schedule or parameter-group options that make no sense. */
export class OptimError extends ResnetError {}
