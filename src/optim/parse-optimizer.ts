// Optimisers by name, for the command line.
import { orList } from '../base/words.js'
import { adam, adamw } from './adam.js'
import { lamb } from './lamb.js'
import { lars, type LarsOptions } from './lars.js'
import { OptimError, type Optimizer } from './optimizer.js'
import { OPTIMIZERS, type OptimizerName } from './names.js'
import { rmsprop } from './rmsprop.js'
import { sgd } from './sgd.js'

/** The command line's settings of an optimiser; omitted ones keep the optimiser's default. */
export type OptimizerSettings = Pick<LarsOptions, 'lr' | 'momentum' | 'weightDecay'>

const MAKERS: Readonly<Record<OptimizerName, (settings: OptimizerSettings) => Optimizer>> = {
  sgd: ({ lr, ...settings }) => {
    if (lr === undefined) throw new OptimError('sgd: has no default learning rate; set one')
    return sgd({ lr, ...settings })
  },
  adam: settings => adam(withoutMomentum('adam', settings)),
  adamw: settings => adamw(withoutMomentum('adamw', settings)),
  rmsprop,
  lars,
  lamb: settings => lamb(withoutMomentum('lamb', settings))
}

/** The name in any case. @throws OptimError for an unknown one, momentum where there is none, and values out of range. */
export function parseOptimizer(name: string, settings: OptimizerSettings = {}): Optimizer {
  const known = OPTIMIZERS.find(each => each === name.trim().toLowerCase())
  if (known === undefined) throw new OptimError(`unknown optimizer '${name}': expected ${orList(OPTIMIZERS)}`)
  return MAKERS[known](settings)
}

function withoutMomentum(name: string, { momentum, ...settings }: OptimizerSettings): OptimizerSettings {
  if (momentum === undefined) return settings
  throw new OptimError(`${name}: has no momentum option; betas set its moving averages`)
}
