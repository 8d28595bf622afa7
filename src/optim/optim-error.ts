// What goes wrong while somebody says how to train, as one sentence that names the option.
import { ResnetError } from '../base/errors.js'
import { checkOptions, type Checks } from '../base/options.js'

/** Optimiser, schedule or parameter-group options that make no sense. */
export class OptimError extends ResnetError {}

/** @throws OptimError for an option that `owner` does not know or cannot use. */
export function checkOptim<Options extends object>(
  owner: string,
  options: Options,
  checks: Checks<Options>
): void {
  checkOptions(owner, options, checks, (name, fault) => new OptimError(`${name}: ${fault}`))
}
