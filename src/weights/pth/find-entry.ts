// Which entry of a checkpoint holds the weights. Training scripts put them beside optimisers, averages and settings, under names of
// their own and as deep as they like.
import { Fault } from '../../base/errors.js'
import { abridge, quote } from '../../base/words.js'
import { PickledTensor } from '../pickle/pickled-tensor.js'
import { describe, Tuple } from '../pickle/pickle-values.js'
import { findWholeModel, pythonText, refuseWholeModel, refuseWithoutWeights } from './no-weights.js'

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
// What people put weights into: the folds of an ensemble, or the network and its optimiser. Longer lists are histories.
const LONGEST_LIST = 32
// Fewer tensors than this share of the largest entry's are settings or counters.
const LEAST_SHARE = 0.25
const FEWEST = 4
const SHOWN = 8
// Nobody's name for an entry is longer, or beside so many others: paths to them would fill the memory.
const LONGEST_KEY = 256
const MOST_CANDIDATES = 65_536

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
  if (path !== undefined && isContainer(root)) return { path, dict: chosen(root, path), others: [] }
  const candidates = isContainer(root) ? likelyIn(root) : []
  const [best, ...others] = candidates.sort(compare) as [Candidate | undefined, ...Candidate[]]
  if (best === undefined) {
    refuseWithoutWeights(root)
    return { path: '', dict: root as Dict, others: [] }
  }
  // A few tensors beside a whole model are its scores, or the state of a random generator.
  const model = best.path === '' && best.tensors < FEWEST ? findWholeModel(root) : undefined
  if (model) refuseWholeModel(model)
  return { ...best, others: others.map(({ path: other }) => other) }
}

/** The paths of all dicts that may be weights, by their number of tensors. */
export function listEntries(root: unknown): string[] {
  return isContainer(root) ? likelyIn(root).map(({ path }) => path) : []
}

/** All dicts with tensors but those with so few, beside others, that they are scores, settings or counters. */
function likelyIn(root: Container): Candidate[] {
  const all = candidatesIn(root)
  const least = LEAST_SHARE * all.reduce((most, { tensors }) => Math.max(most, tensors), 0)
  return all.filter(({ tensors }) => tensors >= least)
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

function candidatesIn(root: Container): Candidate[] {
  const found: Candidate[] = []
  const seen = new Set<unknown>()
  const visit = (container: Container, keys: readonly string[]): void => {
    if (seen.has(container) || keys.length > MAX_DEPTH) return
    seen.add(container)
    let tensors = 0
    for (const [key, value] of itemsOf(container)) {
      if (typeof key !== 'string') continue
      if (value instanceof PickledTensor) tensors++
      else if (isContainer(value) && key.length <= LONGEST_KEY) visit(value, [...keys, key])
    }
    if (tensors === 0 || !(container instanceof Map)) return
    if (found.length === MOST_CANDIDATES)
      throw new Fault(`has tensors in more than ${MOST_CANDIDATES} dicts, as no checkpoint has`)
    found.push({ path: keys.join('.'), dict: container, tensors })
  }
  visit(root, [])
  return found
}

type Container = Dict | Tuple | readonly unknown[]

function isContainer(value: unknown): value is Container {
  return value instanceof Map || value instanceof Tuple || Array.isArray(value)
}

/** The items of a dict by key, those of a list or tuple by index; none of a long one. */
function itemsOf(container: Container): Iterable<readonly [key: unknown, value: unknown]> {
  if (container instanceof Map) return container as Dict
  const items = container instanceof Tuple ? container.items : (container as readonly unknown[])
  return items.length > LONGEST_LIST ? [] : items.map((item, index) => [String(index), item] as const)
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

function chosen(root: Container, path: string): Dict {
  const value = valueAt(root, path)
  if (value instanceof Map) return value
  const below = value === undefined ? tensorsBelow(root, path) : undefined
  if (below) return below
  const model = findWholeModel(value)
  if (model) refuseWholeModel({ name: model.name, keys: [...path.split('.').map(pythonText), ...model.keys] })
  const found = value === undefined ? 'no such entry' : describe(value)
  throw new Fault(
    `expected a state dict as its entry ${quote(path)}, found ${found} (it has ${listKeys(root)})`
  )
}

/**
 * The tensors of one network among several in a dict, whose names begin with the entry's. The dict's own path may be left out, as
 * where messages name the networks in what was read.
 */
function tensorsBelow(root: Container, path: string): Dict | undefined {
  const dicts = candidatesIn(root).sort(compare)
  const within = dicts.flatMap(({ path: outer, dict }) =>
    path.startsWith(`${outer}.`) ? [{ dict, prefix: path.slice(outer.length + 1) }] : []
  )
  for (const { dict, prefix } of [
    ...within,
    ...dicts.map(({ dict: each }) => ({ dict: each, prefix: path }))
  ]) {
    const below = [...dict].filter(([key]) => typeof key === 'string' && key.startsWith(`${prefix}.`))
    if (below.length > 0)
      return new Map(below.map(([key, value]) => [String(key).slice(prefix.length + 1), value]))
  }
  return undefined
}

/** Keys may have dots themselves. */
function valueAt(container: Container, path: string): unknown {
  const dict = container instanceof Map ? (container as Dict) : new Map<unknown, unknown>(itemsOf(container))
  if (dict.has(path)) return dict.get(path)
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const inner = dict.get(path.slice(0, dot))
    const value = isContainer(inner) ? valueAt(inner, path.slice(dot + 1)) : undefined
    if (value !== undefined) return value
  }
  return undefined
}

function listKeys(container: Container): string {
  const keys = Array.from(itemsOf(container), ([key]) =>
    typeof key === 'string' ? quote(key) : describe(key)
  )
  return abridge(keys, SHOWN) || 'none'
}
