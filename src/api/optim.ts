/**
 * Optimizers and schedules of the learning rate (torch: `optim`).
 * @module resnet-ts/optim
 */
export { adam, adamw, type AdamOptions } from '../optim/adam.js'
export { lamb, type LambOptions } from '../optim/lamb.js'
export { lars, type LarsOptions } from '../optim/lars.js'
export {
  OptimError,
  type Optimizer,
  type ParameterUpdate,
  type ParameterUpdateContext
} from '../optim/optimizer.js'
export type { ParameterGroup } from '../optim/parameter-groups.js'
export { rmsprop, type RmspropOptions } from '../optim/rmsprop.js'
export {
  constantLr,
  cosineLr,
  exponentialLr,
  multiStepLr,
  oneCycleLr,
  perEpoch,
  polynomialLr,
  stepLr,
  warmUp,
  type OneCycleOptions,
  type Schedule
} from '../optim/schedules.js'
export { sgd, type SgdOptions } from '../optim/sgd.js'
