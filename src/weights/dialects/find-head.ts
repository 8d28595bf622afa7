// A residual network's classifier under whatever name it has: one linear layer that takes the trunk's channels.
import type { StateDict } from '../../tensor/state-dict.js'
import type { Tensor } from '../../tensor/tensor.js'

export interface Head {
  /** Its name. */
  readonly name: string
  readonly weight: Tensor
  readonly bias: Tensor | undefined
}

/** Usual names, the likeliest first; `fc.1` stands behind a dropout. */
const USUAL = [
  /^fc$/,
  /^fc\.\w+$/,
  /^classifier(\.\w+)?$/,
  /^head(\.\w+)?$/,
  /^(last_linear|linear|output|logits)(\.\w+)?$/,
  /^\d+(\.\d+)?$/
]

/** Fields that some people put it into; others would have to be a layer of the trunk. */
const OTHER =
  /^(fc_?\w+|\w+_fc|classifiers|(linear_|cls_|classification_)?heads?|cls|clf|dense|out|out_layer|output_layer|final|final_(layer|linear)|last_layer|pred|prediction|fully_connected)(\.\w+)?$/

/**
 * @param beside tensors of the file that are not among the network's, by their names within it or beside it.
 * @param trunk those of the network, under our names.
 * @returns undefined when there is none, or where more than one layer follows the trunk.
 */
export function findHead(beside: StateDict, trunk: StateDict): Head | undefined {
  const channels = channelsOf(trunk)
  // A normalisation between the trunk and its classifier, as in networks that recognise persons.
  const hasNeck = [...beside].some(([key, { shape }]) => NECK.test(key) && shape[0] === channels)
  if (hasNeck) return undefined
  const [best] = linearIn(beside, channels, name => USUAL.findIndex(usual => usual.test(name)))
  if (best) return headOf(best, beside)
  const [other, ...more] = linearIn(trunk, channels, name => (OTHER.test(name) ? 0 : -1))
  return other && more.length === 0 ? headOf(other, trunk) : undefined
}

const NECK = /^[^.]+\.running_mean$/

interface Linear {
  readonly rank: number
  readonly name: string
  readonly weight: Tensor
}

/** Linear layers of the trunk's channels that are all of their fields. */
function linearIn(
  tensors: StateDict,
  channels: number | undefined,
  rankOf: (name: string) => number
): readonly Linear[] {
  const names = [...tensors.keys()]
  const found = [...tensors].flatMap(([key, weight]) => {
    const name = /^(.*)\.weight$/.exec(key)?.[1] ?? ''
    const rank = rankOf(name)
    if (rank < 0 || !isLinear(weight.shape, channels)) return []
    const field = `${fieldOf(name)}.`
    const isAlone = names.every(other => !other.startsWith(field) || other.startsWith(`${name}.`))
    return isAlone ? [{ rank, name, weight }] : []
  })
  return found.sort((a, b) => a.rank - b.rank)
}

function fieldOf(name: string): string {
  return name.split('.', 1)[0]
}

function headOf({ name, weight }: Linear, tensors: StateDict): Head {
  return { name, weight: weight.reshape(weight.shape.slice(0, 2)), bias: tensors.get(`${name}.bias`) }
}

/** A residual network's classifier under our names. */
export const HEAD = 'fc'

/** The outputs of a network's classifier: of a residual network's own, timm's as a convolution, and of others by their last matrix. */
export function outputsIn(stateDict: StateDict): number | undefined {
  const matrices = [...stateDict].filter(([key, { shape }]) => key.endsWith('.weight') && shape.length === 2)
  const own = stateDict.get(`${HEAD}.weight`) ?? stateDict.get(`head.${HEAD}.weight`)
  return (own ?? matrices.at(-1)?.[1])?.shape[0]
}

/** The channels of the last block's output; undefined where these are no residual network's names. */
function channelsOf(trunk: StateDict): number | undefined {
  // Weights in several files, and sorted names, come in any order.
  let [last, channels]: [number, number | undefined] = [-1, undefined]
  for (const [key, { shape }] of trunk) {
    const [, stage, block, conv] = /^layer(\d)\.(\d{1,4})\.conv(\d)\.weight$/.exec(key) ?? []
    const position = Number(stage) * 1e5 + Number(block) * 10 + Number(conv)
    if (position > last) [last, channels] = [position, shape[0]]
  }
  return channels
}

/** A matrix, or one written as a 1×1 convolution. */
function isLinear(shape: readonly number[], channels: number | undefined): boolean {
  const [, inputs, ...window] = shape
  return shape.length > 1 && inputs === channels && window.every(side => side === 1)
}
