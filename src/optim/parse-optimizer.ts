// Optimisers by name, as the command line asks for them.
import { adamW } from './adam-w.js'
import { adam } from './adam.js'
import { lamb } from './lamb.js'
import { lars } from './lars.js'
import { OptimError } from './optim-error.js'
import type { Optimizer } from './optimizer.js'
import { OPTIMIZERS, type OptimizerName } from './optimizer-names.js'
import { rmsprop } from './rmsprop.js'
import { sgd } from './sgd.js'

/** What a command line says about an optimiser; what is left out is the optimiser's own default. */
export interface OptimizerSettings {
  readonly lr?: number
  readonly momentum?: number
  readonly weightDecay?: number
}

const MAKERS: Readonly<Record<OptimizerName, (settings: OptimizerSettings) => Optimizer>> = {
  sgd: ({ lr, ...settings }) => {
    if (lr === undefined) throw new OptimError('sgd: has no learning rate of its own, give one')
    return sgd({ lr, ...settings })
  },
  adam: settings => adam(withoutMomentum('adam', settings)),
  adamw: settings => adamW(withoutMomentum('adamw', settings)),
  rmsprop,
  lars,
  lamb: settings => lamb(withoutMomentum('lamb', settings))
}

/**
 * Makes an optimiser by name, in any case.
 * @throws OptimError for an unknown name, for momentum where there is none, and for values out of range.
 */
export function parseOptimizer(name: string, settings: OptimizerSettings = {}): Optimizer {
  const known = OPTIMIZERS.find(each => each === name.trim().toLowerCase())
  if (known === undefined) throw new OptimError(`optimizer '${name}': known are ${OPTIMIZERS.join(', ')}`)
  return MAKERS[known](settings)
}

function withoutMomentum(name: string, { momentum, ...settings }: OptimizerSettings): OptimizerSettings {
  if (momentum === undefined) return settings
  throw new OptimError(`${name}: takes no momentum; its averages are set by betas`)
}
