// Parts of a state dict: what is below a name, and what a wrapper wrote before every name (`module.` by DataParallel,
// `model.` by Lightning, `_orig_mod.` by torch.compile, `backbone.` by whoever built on a backbone).
import { ResnetError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'
import type { StateDict } from './state-dict.js'

/**
 * The part of a state dict that is below a name, without that name: what one of a network's modules loads.
 * A prefix ends with a dot, which may be left out: `layer1` is `layer1.` and not the beginning of `layer10`.
 * @throws ResnetError when nothing is there, with near names.
 * @example
 * net.layer1.loadStateDict(pickPrefix(net.stateDict(), 'layer1.'))
 */
export function pickPrefix(stateDict: StateDict, prefix: string): StateDict {
  const dotted = withDot(prefix)
  const below = Array.from(stateDict)
    .filter(([key]) => isBelow(key, dotted))
    .map(([key, tensor]) => [key.slice(dotted.length), tensor] as const)
  if (below.length === 0) throw nothingBelow('pickPrefix', stateDict, dotted)
  return new Map(below)
}

/**
 * A state dict whose names have lost a prefix, where they had it; other names stay as they are
 * (torch: `consume_prefix_in_state_dict_if_present`).
 * @throws ResnetError when no name has it, with near ones, or when two tensors would have one name.
 * @example
 * const saved = new Map([['module.fc.bias', zeros([10])]])
 * Array.from(withoutPrefix(saved, 'module.').keys()) // ["fc.bias"]
 */
export function withoutPrefix(stateDict: StateDict, prefix: string): StateDict {
  const dotted = withDot(prefix)
  const stripped: StateDict = new Map()
  for (const [key, tensor] of stateDict) {
    const name = isBelow(key, dotted) ? key.slice(dotted.length) : key
    if (stripped.has(name)) {
      throw new ResnetError(`withoutPrefix: '${name}' and '${dotted}${name}' would both be called '${name}'`)
    }
    stripped.set(name, tensor)
  }
  if (![...stateDict.keys()].some(key => isBelow(key, dotted))) {
    throw nothingBelow('withoutPrefix', stateDict, dotted)
  }
  return stripped
}

/** Prefixes behind which a state dict has all of some keys; the empty one is not among them. */
export function prefixesBefore(keys: readonly string[], stateDict: StateDict): string[] {
  const [first] = keys
  if (first === undefined) return []
  return [...stateDict.keys()]
    .filter(key => key.endsWith(`.${first}`))
    .map(key => key.slice(0, -first.length))
    .filter(prefix => keys.every(key => stateDict.has(prefix + key)))
}

function withDot(prefix: string): string {
  return prefix.endsWith('.') ? prefix : `${prefix}.`
}

/** A name that is the prefix itself would be left with none. */
function isBelow(key: string, dotted: string): boolean {
  return key.startsWith(dotted) && key.length > dotted.length
}

function nothingBelow(asker: string, stateDict: StateDict, dotted: string): ResnetError {
  const name = dotted.slice(0, -1)
  const parents = [...stateDict.keys()].flatMap(key =>
    Array.from(key.matchAll(/\./gu), ({ index }) => key.slice(0, index))
  )
  return new ResnetError(`${asker}: no name begins with '${dotted}'${didYouMean(name, parents)}`)
}
