// What goes wrong while a network is explained.
import { type MakeFault } from '../base/options.js'
import { ResnetError } from '../base/errors.js'

/** A layer that has no map, a class that a network does not have, or an option that means nothing. */
export class ExplainError extends ResnetError {}

/** An option that is refused, as an `ExplainError`. */
export const explainFault: MakeFault = (owner, fault) => new ExplainError(`${owner}: ${fault}`)
