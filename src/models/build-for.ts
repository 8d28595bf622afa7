// Builds a network for given weights: with their classes, without wrappers' prefixes, adapted to other channels.
import { aFunction, checkArguments, checkOptions, positiveInteger, type OptionsOf } from '../base/options.js'
import { ResnetError } from '../base/errors.js'
import { namedMembers, Module } from '../nn/module/module.js'
import { Parameter } from '../nn/module/parameter.js'
import { prefixesBefore, type StateDict, withoutPrefix } from '../tensor/state-dict.js'
import type { Tensor } from '../tensor/tensor.js'
import { quote, shown } from '../base/words.js'
import { adaptInputChannels } from '../weights/adapt-input-channels.js'
import { hasHead } from './head.js'
import { aMaker } from './builder.js'

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
 * Builds a network and loads weights into it, if there are any. A prefix that all names have, such as DataParallel's
 * `module.`, is taken off. Classes and channels are found by the network's own `head` and `stem`.
 * @throws StateDictError when they do not fit.
 */
export function buildFor(
  build: (options?: { readonly numClasses?: number; readonly inChannels?: number }) => Module,
  given: StateDict | undefined,
  options: BuildForOptions = {}
): Module {
  checkOptions('buildFor', options, OPTIONS)
  checkArguments('buildFor', { build }, { build: aMaker('options => new Net(options)') })
  const { numClasses, inChannels, onNote = () => {} } = options
  const net = build({
    ...(numClasses === undefined ? {} : { numClasses }),
    ...(inChannels === undefined ? {} : { inChannels })
  })
  const made: unknown = net
  if (!(made instanceof Module))
    throw new ResnetError(`buildFor: build: expected it to give a Module, got ${shown(made)}`)
  if (!given) return net
  const parameters = new Map(namedMembers(net, Parameter))
  const stateDict = unwrapped(parameters, given, onNote)
  const classes = classesOf(net, stateDict)
  const areOther = classes !== classesOf(net, parameters)
  if (numClasses === undefined && classes && areOther && hasHead(net)) net.resetClassifier(classes)
  net.loadStateDict(inChannels === undefined ? stateDict : adapted(net, stateDict, inChannels, onNote))
  return net
}

/** Removes a wrapper's prefix from the names of weights for the parameters of a network. */
export function unwrapped(
  parameters: ReadonlyMap<string, unknown>,
  stateDict: StateDict,
  onNote: (note: string) => void = () => {}
): StateDict {
  const keys = [...stateDict.keys()]
  const [first] = parameters.keys()
  const wrapper = prefixesBefore(first === undefined ? [] : [first], stateDict).find(prefix =>
    keys.every(key => key.startsWith(prefix))
  )
  if (wrapper === undefined) return stateDict
  onNote(`took ${quote(wrapper)} off the names of all ${keys.length} tensors`)
  return withoutPrefix(stateDict, wrapper)
}

/** Classes and input channels of weights, by the network's head and stem. */
export function formOf(
  net: Module,
  stateDict: ReadonlyMap<string, Pick<Tensor, 'shape'>>
): Pick<BuildForOptions, 'numClasses' | 'inChannels'> {
  const [, inChannels] = stateDict.get(stemWeight(net) ?? '')?.shape ?? []
  return { numClasses: classesOf(net, stateDict), inChannels }
}

function classesOf(net: Module, stateDict: ReadonlyMap<string, Pick<Tensor, 'shape'>>): number | undefined {
  return hasHead(net) ? stateDict.get(`${net.head}.weight`)?.shape[0] : undefined
}

function adapted(
  net: Module,
  stateDict: StateDict,
  channels: number,
  onNote: (note: string) => void
): StateDict {
  const stem = stemWeight(net)
  const trained = stem === undefined ? undefined : stateDict.get(stem)?.shape[1]
  // A network that does not name its stem takes its weights as they are, or says what does not fit.
  if (stem === undefined || trained === undefined || trained === channels) return stateDict
  const how = channels === 1 ? 'summed its kernels' : `repeated its kernels, times ${trained}/${channels}`
  onNote(`${stem} is for images of ${trained} channel${trained === 1 ? '' : 's'}, not ${channels}: ${how}`)
  return adaptInputChannels(stateDict, stem, channels)
}

/** The name of the stem's first weight. */
function stemWeight(net: Module): string | undefined {
  if (!hasHead(net)) return undefined
  return Array.from(namedMembers(net, Parameter), ([name]) => name).find(name =>
    name.startsWith(`${net.stem}.`)
  )
}
