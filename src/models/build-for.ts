// A network for the weights it is to hold: with as many outputs as they tell classes apart, and the weights made to fit
// where that is a matter of course.
import { aFunction, checkOptions, positiveInteger, type Checks } from '../base/options.js'
import type { Module } from '../nn/module.js'
import { prefixesBefore, type StateDict, withoutPrefix } from '../tensor/state-dict.js'
import { adaptInputChannels } from '../weights/adapt-input-channels.js'
import { quote } from '../base/words.js'

// The first and last layers of ResNet, ResNet-C and -D, and VGG.
const STEMS = ['conv1.weight', 'conv1.0.weight', 'features.0.weight']
const CLASSIFIERS = ['fc.bias', 'classifier.6.bias']

/** How a network is built for weights. */
export interface BuildForOptions {
  /** By default read off the weights. */
  readonly numClasses?: number | undefined
  /** Channels of the images, to which weights for other images are adapted; by default the network's, which must fit. */
  readonly inChannels?: number | undefined
  /** Hears in a few words what was done to the weights. */
  readonly onNote?: (note: string) => void
}

const OPTIONS: Checks<BuildForOptions> = {
  numClasses: positiveInteger,
  inChannels: positiveInteger,
  onNote: aFunction()
}

/**
 * Builds a network and loads weights into it, if there are any. A prefix that all names have, such as DataParallel's
 * `module.`, is taken off.
 * @throws StateDictError when they do not fit.
 */
export function buildFor(
  build: (options?: { readonly numClasses?: number; readonly inChannels?: number }) => Module,
  given: StateDict | undefined,
  options: BuildForOptions = {}
): Module {
  checkOptions('buildFor', options, OPTIONS)
  const { numClasses, inChannels, onNote = () => {} } = options
  const stateDict = given && unwrapped(given, onNote)
  const classes = numClasses ?? (stateDict && numClassesOf(stateDict))
  const net = build({
    ...(classes === undefined ? {} : { numClasses: classes }),
    ...(inChannels === undefined ? {} : { inChannels })
  })
  if (!stateDict) return net
  net.loadStateDict(inChannels === undefined ? stateDict : adapted(stateDict, inChannels, onNote))
  return net
}

/** Without what a wrapper wrote before every name. */
export function unwrapped(stateDict: StateDict, onNote: (note: string) => void = () => {}): StateDict {
  const keys = [...stateDict.keys()]
  const wrapper = STEMS.flatMap(stem => prefixesBefore([stem], stateDict)).find(prefix =>
    keys.every(key => key.startsWith(prefix))
  )
  if (wrapper === undefined) return stateDict
  onNote(`took ${quote(wrapper)} off the names of all ${keys.length} tensors`)
  return withoutPrefix(stateDict, wrapper)
}

function adapted(stateDict: StateDict, channels: number, onNote: (note: string) => void): StateDict {
  const { stem, channels: trained } = stemOf(stateDict) ?? {}
  if (stem === undefined || trained === undefined || trained === channels) return stateDict
  const how = channels === 1 ? 'summed its kernels' : `repeated its kernels, times ${trained}/${channels}`
  onNote(`${stem} is for images of ${trained} channel${trained === 1 ? '' : 's'}, not ${channels}: ${how}`)
  return adaptInputChannels(stateDict, stem, channels)
}

/** The classes and the channels of images that weights are for, as far as their first and last layers tell. */
export function formOf(stateDict: StateDict): {
  readonly numClasses?: number
  readonly inChannels?: number
} {
  const classes = numClassesOf(stateDict)
  const stem = stemOf(stateDict)
  return {
    ...(classes === undefined ? {} : { numClasses: classes }),
    ...(stem === undefined ? {} : { inChannels: stem.channels })
  }
}

/** The first layer's weight, and the channels of the images it is for. */
function stemOf(stateDict: StateDict): { readonly stem: string; readonly channels: number } | undefined {
  for (const stem of STEMS) {
    const { shape = [] } = stateDict.get(stem) ?? {}
    if (shape.length === 4) return { stem, channels: shape[1] }
  }
  return undefined
}

/** The number of classes a checkpoint was trained for, or nothing if it has no classifier this package knows. */
function numClassesOf(stateDict: StateDict): number | undefined {
  for (const key of CLASSIFIERS) {
    const [classes] = stateDict.get(key)?.shape ?? []
    if (classes !== undefined) return classes
  }
  return undefined
}
