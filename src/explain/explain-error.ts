import { type MakeFault } from '../base/options.js'
import { ResnetError } from '../base/errors.js'

/** An explanation that is not possible: no feature map, an unknown class, an invalid option. */
export class ExplainError extends ResnetError {}

/** An invalid option, as an `ExplainError`. */
export const explainFault: MakeFault = (owner, fault) => new ExplainError(`${owner}: ${fault}`)
