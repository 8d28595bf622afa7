// A step with momentum, as SGD, LARS and RMSprop end with.
import { add, mul, sub } from '../ir/functional/elementwise.js'
import type { Value } from '../ir/ops.js'
import { OptimError } from './optim-error.js'
import type { Optimizer, ParameterUpdate, ParameterUpdateContext } from './optimizer.js'

/** The momentum options of an optimiser. */
export interface Momentum {
  readonly momentum: number
  /** The fraction of each new gradient that is left out of the buffer. */
  readonly dampening: number
  readonly nesterov: boolean
}

const BUFFER = 'momentum_buffer'
const SHARE = 'gradientShare'

/** @throws OptimError for nesterov without momentum or with dampening, as torch's SGD. */
export function checkMomentum(owner: string, { momentum, dampening, nesterov }: Momentum): void {
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new OptimError(`${owner}: nesterov needs a momentum above 0 and a dampening of 0`)
  }
}

/** The slots and scalars that momentum needs. */
export function momentumState({ momentum, dampening }: Momentum): Pick<Optimizer, 'slots' | 'scalars'> {
  return {
    slots: momentum === 0 ? [] : [BUFFER],
    // torch initialises the buffer with the first gradient, undampened.
    scalars: step => (momentum === 0 || dampening === 0 ? {} : { [SHARE]: step === 1 ? 1 : 1 - dampening })
  }
}

/** Updates a parameter against a direction, scaled by the learning rate. */
export function descend(
  { parameter, learningRate, slot, scalar }: ParameterUpdateContext,
  direction: Value,
  { momentum, dampening, nesterov }: Momentum
): ParameterUpdate {
  const move = (by: Value): Value => sub(parameter, mul(by, learningRate))
  if (momentum === 0) return { parameter: move(direction), slots: {} }
  const share = dampening === 0 ? direction : mul(direction, scalar(SHARE))
  const buffer = add(mul(slot(BUFFER), momentum), share)
  return {
    parameter: move(nesterov ? add(direction, mul(buffer, momentum)) : buffer),
    slots: { [BUFFER]: buffer }
  }
}
