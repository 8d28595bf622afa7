// Loads weights into a network of their own numbers of classes and channels.
import { namedHolders, namedMembers, type Module } from '../nn/module/module.js'
import { Parameter } from '../nn/module/parameter.js'
import { matchStateDict, type ShapeMismatch } from '../nn/module/state-dict.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { Tensor } from '../tensor/tensor.js'
import { adaptInputChannels } from '../weights/adapt-input-channels.js'
import { hasHead } from './head.js'

/** Numbers of outputs and input channels that weights are for. */
export interface WeightsForm {
  readonly numClasses?: number | undefined
  readonly inChannels?: number | undefined
}

/**
 * Loads weights under a network's own names; those of a backbone leave its classifier as it is.
 * @param form which the network was built with; else its classifier follows the weights.
 * @throws StateDictError when they do not fit.
 */
export function loadInto(
  net: Module,
  stateDict: StateDict,
  { numClasses, inChannels }: WeightsForm,
  onNote: (note: string) => void = () => {}
): void {
  const classes = classesOf(net, stateDict)
  const areOther = classes !== classesOf(net, new Map(namedMembers(net, Parameter)))
  if (numClasses === undefined && classes && areOther && hasHead(net)) net.resetClassifier(classes)
  const channels = inChannels === undefined ? stateDict : adapted(net, stateDict, inChannels, onNote)
  net.loadStateDict(isBackboneOf(net, stateDict) ? withOwnHead(net, channels) : channels)
}

/** Whether a state dict has a network's names, all and no others, with a classifier written as its own. */
export function hasNamesOf(net: Module, stateDict: StateDict): boolean {
  const { missingKeys, unexpectedKeys, mismatched } = matchStateDict(new Map(namedHolders(net)), stateDict)
  const isOtherHead = ({ key, expected, found }: ShapeMismatch): boolean =>
    hasHead(net) && key === `${net.head}.weight` && expected.length !== found.length
  return missingKeys.length + unexpectedKeys.length === 0 && !mismatched.some(isOtherHead)
}

/** Whether weights have nothing of a network's classifier. */
export function isBackboneOf(net: Module, stateDict: StateDict): boolean {
  return hasHead(net) && ![...stateDict.keys()].some(key => key.startsWith(`${net.head}.`))
}

function withOwnHead(net: Module, stateDict: StateDict): StateDict {
  const head = hasHead(net) ? `${net.head}.` : ''
  // Of the others nothing is drawn: a VGG's take seconds.
  const own = [...namedHolders(net)].filter(([key]) => key.startsWith(head))
  return new Map([...stateDict, ...own.map(([key, { data }]) => [key, data] as const)])
}

/** Classes and input channels of weights, by the network's head and stem. */
export function formOf(net: Module, stateDict: ReadonlyMap<string, Pick<Tensor, 'shape'>>): WeightsForm {
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
export function stemWeight(net: Module): string | undefined {
  if (!hasHead(net)) return undefined
  return Array.from(namedMembers(net, Parameter), ([name]) => name).find(name =>
    name.startsWith(`${net.stem}.`)
  )
}
