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
  /^fc\.\d+$/,
  /^classifier(\.\d+)?$/,
  /^head(\.\w+)?$/,
  /^(last_linear|linear|output|logits)(\.\d+)?$/,
  /^\d+$/
]

/**
 * @param tensors all of the file, by their names within the network or beside it.
 * @param trunk those of the network, under our names.
 * @returns undefined when there is none, or where more than one layer follows the trunk.
 */
export function findHead(tensors: StateDict, trunk: StateDict): Head | undefined {
  const channels = channelsOf(trunk)
  const names = [...tensors.keys()]
  const heads = [...tensors].flatMap(([key, weight]) => {
    const name = /^(.*)\.weight$/.exec(key)?.[1] ?? ''
    const rank = USUAL.findIndex(usual => usual.test(name))
    if (rank < 0 || !isLinear(weight.shape, channels)) return []
    const [field] = name.split('.', 1)
    const isAlone = names.every(other => !other.startsWith(`${field}.`) || other.startsWith(`${name}.`))
    return isAlone ? [{ rank, name, weight }] : []
  })
  const [best] = heads.sort((a, b) => a.rank - b.rank)
  if (best === undefined) return undefined
  const { name, weight } = best
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
  const last = [...trunk.keys()].filter(key => /^layer\d+\.\d+\.conv\d\.weight$/.test(key)).at(-1)
  return last === undefined ? undefined : trunk.get(last)?.shape[0]
}

/** A matrix, or one written as a 1×1 convolution. */
function isLinear(shape: readonly number[], channels: number | undefined): boolean {
  const [, inputs, ...window] = shape
  return shape.length > 1 && inputs === channels && window.every(side => side === 1)
}
