// Which entry of a checkpoint holds the weights. Training scripts put them beside optimisers, averages and settings, under names of
// their own and as deep as they like.
import { Fault } from '../../base/errors.js'
import { abridge, quote } from '../../base/words.js'
import { PickledTensor } from '../pickle/pickled-tensor.js'
import { describe, Opaque } from '../pickle/pickle-values.js'
import { OF_WHOLE_MODEL } from './torch-objects.js'

/** The usual names, in the order of preference: averages first, as in timm's `load_state_dict`, then what most scripts write. */
const USUAL = [
  'state_dict_ema',
  'model_ema',
  'ema',
  'state_dict',
  'model',
  'model_state_dict',
  'model_state',
  'net',
  'network',
  'weights',
  'params',
  'teacher',
  'student',
  'online_network_state_dict',
  'encoder_state_dict',
  'classy_state_dict',
  'base_model',
  'backbone',
  'trunk',
  'resnet'
]

const MAX_DEPTH = 8
// Fewer tensors than this share of the largest entry's are settings or counters.
const LEAST_SHARE = 0.25
const SHOWN = 8

type Dict = ReadonlyMap<unknown, unknown>

/** A dict with tensors. */
interface Candidate {
  /** Its keys, joined by dots; empty for the file itself. */
  readonly path: string
  readonly dict: Dict
  readonly tensors: number
}

export interface FoundEntry {
  readonly path: string
  readonly dict: Dict
  /** The paths of others that may be weights as well. */
  readonly others: readonly string[]
}

/**
 * @param path of the entry, its keys joined by dots; default the one that looks most like a network's weights.
 * @throws Fault when there is none.
 */
export function findEntry(root: unknown, path: string | undefined): FoundEntry {
  if (root instanceof Opaque) {
    throw new Fault(
      `${OF_WHOLE_MODEL}: it holds an object of ${quote(root.name)} where a state dict was expected`
    )
  }
  if (!(root instanceof Map)) throw new Fault(`holds ${describe(root)} where a state dict was expected`)
  if (path !== undefined) return { path, dict: chosen(root, path), others: [] }
  const all = candidatesIn(root)
  const least = LEAST_SHARE * Math.max(0, ...all.map(({ tensors }) => tensors))
  const candidates = all.filter(({ tensors }) => tensors >= least)
  const [best, ...others] = candidates.sort(compare) as [Candidate | undefined, ...Candidate[]]
  // Without any tensor, the file itself shows what it holds instead.
  if (best === undefined) return { path: '', dict: root, others: [] }
  return { ...best, others: others.map(({ path: other }) => other) }
}

/** The paths of all dicts with tensors. */
export function listEntries(root: unknown): string[] {
  return root instanceof Map ? candidatesIn(root).map(({ path }) => path) : []
}

/** What was decided, if there was anything to decide. */
export function noteOf({ path, others }: FoundEntry): string | undefined {
  if (others.length === 0) return undefined
  const names = abridge(
    others.map(other => (other === '' ? 'the file itself' : quote(other))),
    SHOWN
  )
  const taken = path === '' ? 'the tensors of the file itself' : `the weights of its entry ${quote(path)}`
  return `took ${taken}; the option entry chooses another: ${names}`
}

function candidatesIn(root: Dict): Candidate[] {
  const found: Candidate[] = []
  const seen = new Set<Dict>()
  const visit = (dict: Dict, keys: readonly string[]): void => {
    if (seen.has(dict) || keys.length > MAX_DEPTH) return
    seen.add(dict)
    let tensors = 0
    for (const [key, value] of dict) {
      if (typeof key !== 'string') continue
      if (value instanceof PickledTensor) tensors++
      else if (value instanceof Map) visit(value, [...keys, key])
    }
    if (tensors > 0) found.push({ path: keys.join('.'), dict, tensors })
  }
  visit(root, [])
  return found
}

/** Usual names before others, from the outermost key on; then what has more tensors. */
function compare(a: Candidate, b: Candidate): number {
  const [ranks, others] = [a, b].map(({ path }) => path.split('.').map(rank))
  for (let i = 0; i < Math.max(ranks.length, others.length); i++) {
    const difference = (ranks[i] ?? USUAL.length) - (others[i] ?? USUAL.length)
    if (difference !== 0) return difference
  }
  return b.tensors - a.tensors
}

function rank(key: string): number {
  const at = USUAL.indexOf(key)
  return at < 0 ? USUAL.length : at
}

function chosen(root: Dict, path: string): Dict {
  const value = valueAt(root, path)
  if (value instanceof Map) return value
  const below = value === undefined ? tensorsBelow(root, path) : undefined
  if (below) return below
  const found = value === undefined ? 'no such entry' : describe(value)
  throw new Fault(
    `expected a state dict as its entry ${quote(path)}, found ${found} (it has ${listKeys(root)})`
  )
}

/** The tensors of one network among several in a dict, whose names begin with the entry's. */
function tensorsBelow(root: Dict, path: string): Dict | undefined {
  for (const { path: outer, dict } of candidatesIn(root)) {
    if (outer !== '' && !path.startsWith(`${outer}.`)) continue
    const prefix = `${outer === '' ? path : path.slice(outer.length + 1)}.`
    const below = [...dict].filter(([key]) => typeof key === 'string' && key.startsWith(prefix))
    if (below.length > 0)
      return new Map(below.map(([key, value]) => [String(key).slice(prefix.length), value]))
  }
  return undefined
}

/** Keys may have dots themselves. */
function valueAt(dict: Dict, path: string): unknown {
  if (dict.has(path)) return dict.get(path)
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const inner = dict.get(path.slice(0, dot))
    const value = inner instanceof Map ? valueAt(inner, path.slice(dot + 1)) : undefined
    if (value !== undefined) return value
  }
  return undefined
}

function listKeys(dict: Dict): string {
  const keys = Array.from(dict.keys(), key => (typeof key === 'string' ? quote(key) : describe(key)))
  return abridge(keys, SHOWN) || 'none'
}
