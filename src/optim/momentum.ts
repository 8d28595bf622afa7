// A step along a direction that remembers where it came from: the end of SGD, of LARS and of RMSprop.
import { add, mul, sub } from '../ir/functional/elementwise.js'
import type { Value } from '../ir/ops.js'
import { OptimError } from './optim-error.js'
import type { Optimizer, ParameterUpdate, ParameterUpdateContext } from './optimizer.js'

/** How much of the past a step keeps. */
export interface Momentum {
  readonly momentum: number
  /** How much of the new gradient is left out of the buffer. */
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

/** What momentum remembers, and what it is fed. */
export function momentumState({ momentum, dampening }: Momentum): Pick<Optimizer, 'slots' | 'scalars'> {
  return {
    slots: momentum === 0 ? [] : [BUFFER],
    // torch starts the buffer as the first gradient, undampened.
    scalars: step => (momentum === 0 || dampening === 0 ? {} : { [SHARE]: step === 1 ? 1 : 1 - dampening })
  }
}

/** Moves a parameter against a direction, by the learning rate. */
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
