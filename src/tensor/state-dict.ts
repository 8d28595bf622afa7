// State dicts, and prefixes of their keys: those of submodules, and those that wrappers add (`module.` by DataParallel,
// `model.` by Lightning, `_orig_mod.` by torch.compile, `backbone.` by downstream models).
import { aString, checkArguments, type Check } from '../base/options.js'
import { isA } from '../base/kinds.js'
import { Tensor } from './tensor.js'
import { ResnetError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'

/** Parameters and buffers by their dotted name (`layer1.0.conv1.weight`), in registration order (torch: `state_dict()`). */
export type StateDict = Map<string, Tensor>

export const aStateDict: Check<StateDict> = {
  expected: 'a Map of tensors by name (await a promise of one)',
  accepts: value => isA<StateDict>(Map, value) && [...value.values()].every(each => each instanceof Tensor)
}

const PREFIXED = { stateDict: aStateDict, prefix: aString }

/**
 * The entries of a state dict under a prefix, without the prefix: the state dict of a submodule.
 * The prefix's final dot is optional: `layer1` means `layer1.` and does not match `layer10.`.
 * @throws ResnetError if no key has the prefix, with similar names.
 * @example
 * net.layer1.loadStateDict(pickPrefix(net.stateDict(), 'layer1.'))
 */
export function pickPrefix(stateDict: StateDict, prefix: string): StateDict {
  checkArguments('pickPrefix', { stateDict, prefix }, PREFIXED)
  const dotted = withDot(prefix)
  const below = Array.from(stateDict)
    .filter(([key]) => isBelow(key, dotted))
    .map(([key, tensor]) => [key.slice(dotted.length), tensor] as const)
  if (below.length === 0) throw nothingBelow('pickPrefix', stateDict, dotted)
  return new Map(below)
}

/**
 * A state dict with a prefix removed from all keys that have it (torch: `consume_prefix_in_state_dict_if_present`).
 * @throws ResnetError if no key has the prefix, with similar names, or if two tensors would have the same key.
 * @example
 * const saved = new Map([['module.fc.bias', zeros([10])]])
 * Array.from(withoutPrefix(saved, 'module.').keys()) // ["fc.bias"]
 */
export function withoutPrefix(stateDict: StateDict, prefix: string): StateDict {
  checkArguments('withoutPrefix', { stateDict, prefix }, PREFIXED)
  const dotted = withDot(prefix)
  const stripped: StateDict = new Map()
  for (const [key, tensor] of stateDict) {
    const name = isBelow(key, dotted) ? key.slice(dotted.length) : key
    if (stripped.has(name)) {
      throw new ResnetError(`withoutPrefix: '${name}' and '${dotted}${name}' would both be called '${name}'`)
    }
    stripped.set(name, tensor)
  }
  const isThere = [...stateDict.keys()].some(key => isBelow(key, dotted))
  if (!isThere) throw nothingBelow('withoutPrefix', stateDict, dotted)
  return stripped
}

/** The non-empty prefixes under which a state dict has all of the keys. */
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

/** Excludes a key equal to the prefix, which would become empty. */
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
