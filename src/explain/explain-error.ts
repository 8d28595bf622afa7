// What goes wrong while a network is explained.
import { ResnetError } from '../base/errors.js'

/** A layer that has no map, a class that a network does not have, or an option that means nothing. */
export class ExplainError extends ResnetError {}
