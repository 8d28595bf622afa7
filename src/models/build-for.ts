// Builds a network for given weights: with their classes, under its own names, adapted to other channels.
import { aFunction, checkArguments, checkOptions, positiveInteger, type OptionsOf } from '../base/options.js'
import { ResnetError } from '../base/errors.js'
import { shown } from '../base/words.js'
import { Module } from '../nn/module/module.js'
import type { StateDict } from '../tensor/state-dict.js'
import { aMaker } from './builder.js'
import { fitWeights } from './fit-weights.js'
import { hasNamesOf, loadInto } from './load-into.js'

const OPTIONS = {
  /** Default the weights' number of classes. */
  numClasses: positiveInteger,
  /** Input channels to adapt the weights to; default the network's, which must fit. */
  inChannels: positiveInteger,
  /** Called with a short description of each change to the weights. */
  onNote: aFunction<(note: string) => void>()
}

/** Options of `buildFor`. */
export interface BuildForOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Builds a network and loads weights into it, if there are any. They may have the names of other projects (Hugging Face's, OpenMMLab's,
 * detectron2's and others), and wrappers' prefixes such as DataParallel's `module.`; those of a backbone leave the classifier
 * untrained. Classes and channels are found by the network's own `head` and `stem`.
 * @throws StateDictError when they do not fit.
 */
export function buildFor(
  build: (options?: { readonly numClasses?: number; readonly inChannels?: number }) => Module,
  given: StateDict | undefined,
  options: BuildForOptions = {}
): Module {
  checkOptions('buildFor', options, OPTIONS)
  checkArguments('buildFor', { build }, { build: aMaker('options => new Net(options)') })
  const { numClasses, inChannels, onNote } = options
  const net = build({
    ...(numClasses === undefined ? {} : { numClasses }),
    ...(inChannels === undefined ? {} : { inChannels })
  })
  const made: unknown = net
  if (!(made instanceof Module))
    throw new ResnetError(`buildFor: build: expected it to give a Module, got ${shown(made)}`)
  if (!given) return net
  const { stateDict, note } = hasNamesOf(net, given) ? { stateDict: given } : fitWeights(net, given)
  if (note) onNote?.(note)
  loadInto(net, stateDict, { numClasses, inChannels }, onNote)
  return net
}
