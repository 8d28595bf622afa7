import { PathError } from '../base/errors.js'

/** Weights that cannot be read or written. */
export class WeightsError extends PathError {}
