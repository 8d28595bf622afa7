import { anObject, checkOptions, type OptionsOf } from '../base/options.js'
import { engineFor } from '../compile/shared-engines.js'
import { crossEntropy, type Loss } from '../nn/losses.js'
import { namedHolders, type Module } from '../nn/module.js'
import { ENGINE_CHOICE } from '../runtime/engine.js'
import type { Batch } from './batch.js'
import { EVALUATE_OPTIONS, Evaluator, type Evaluated } from './evaluator.js'
import { Programs } from './programs.js'

const { averaged: _, ...MEASURED } = EVALUATE_OPTIONS

const OPTIONS = {
  ...MEASURED,
  /** Default `crossEntropy()`. */
  loss: anObject<Loss>('a loss such as crossEntropy()'),
  ...ENGINE_CHOICE
}

/** Options of `evaluate`. */
export interface MeasureOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Measures loss, accuracy and confusions over batches, in evaluation mode. The network is unchanged.
 * @throws TrainError when there are no batches, or labels do not fit the network.
 * @example
 * const net = cifar_resnet8({ numClasses: 10, inChannels: 1 })
 * const loader = createLoader(await digits(), { batchSize: 64, transforms: [toTensor()], shuffle: false })
 * const { accuracy } = await evaluate(net, loader)
 */
export async function evaluate(
  net: Module,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  options: MeasureOptions = {}
): Promise<Evaluated> {
  checkOptions('evaluate', options, OPTIONS)
  const engine = engineFor(options)
  const state = await engine.createState(new Map(namedHolders(net).map(([name, { data }]) => [name, data])))
  const programs = new Programs(net, engine)
  try {
    return await new Evaluator(programs, state, options.loss ?? crossEntropy()).evaluate(batches, options)
  } finally {
    await programs.dispose()
    await state.dispose()
  }
}
