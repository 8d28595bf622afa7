import { crossEntropy } from '../../nn/losses.js'
import type { ParameterGroup } from '../../optim/parameter-groups.js'
import { parseOptimizer } from '../../optim/parse-optimizer.js'
import { ResnetError } from '../../base/errors.js'
import type { TrainerOptions } from '../../train/trainer-options.js'
import type { StepOptions } from './data-options.js'

/** The trainer's options. @throws ResnetError for an unknown optimiser or an invalid scale. */
export function stepOptions(options: StepOptions): TrainerOptions {
  const { accumulate, labelSmoothing, clipNorm, freeze, seed, device } = options
  const isSgd = options.optimizer.trim().toLowerCase() === 'sgd'
  const lr = options.lr ?? (isSgd ? 0.1 : undefined)
  const momentum = options.momentum ?? (isSgd ? 0.9 : undefined)
  const weightDecay = options.weightDecay ?? (isSgd ? 1e-4 : undefined)
  const optimizer = parseOptimizer(options.optimizer, {
    ...(lr === undefined ? {} : { lr }),
    ...(momentum === undefined ? {} : { momentum }),
    ...(weightDecay === undefined ? {} : { weightDecay })
  })
  return {
    optimizer,
    loss: crossEntropy({ labelSmoothing }),
    groups: options.lrScale.map(parseGroup),
    noDecayOnNormAndBias: !options.decayOnNorm,
    accumulate,
    freeze,
    seed,
    device,
    ...(clipNorm === undefined ? {} : { clipNorm })
  }
}

function parseGroup(text: string): ParameterGroup {
  const [match, scale, ...rest] = text.split('=').map(part => part.trim())
  const lrScale = Number(scale)
  if (match && scale && rest.length === 0 && Number.isFinite(lrScale)) return { match, lrScale }
  throw new ResnetError(`--lr-scale '${text}': expected a name and a number, such as layer1=0.1`)
}
