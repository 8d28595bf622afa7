// What a pickled checkpoint holds beside its weights: entries, plain values, and the names of objects of other classes.
import { caffeIn } from '../dialects/caffe.js'
import { Opaque, Settings, Tuple } from '../pickle/pickle-values.js'
import { listEntries, type FoundEntry } from './find-entry.js'

/** What is in a file, beside its tensors. */
export interface FileContents {
  readonly container: string
  /** The path of the entry that was read; empty where the tensors are the file itself. */
  readonly entry: string
  /** The paths of all entries with tensors. */
  readonly entries: readonly string[]
  /** Texts and numbers beside the weights, by the path of their keys. */
  readonly metadata: Readonly<Record<string, string>>
  /** Python's names of objects that are not read, such as `argparse.Namespace`. */
  readonly opaque: readonly string[]
  /** What in it says that the weights are Caffe's, with another stride and other pixels: `style='caffe'`. */
  readonly caffe?: string
}

// More than anybody reads.
const MOST_VALUES = 64
const MOST_NAMES = 256
const LONGEST = 200
// Configurations have some thousand characters; a file may repeat a long text without end.
const MOST_SEARCHED = 2 ** 22
const DEPTH = 3
// Far beyond what anybody nests, and within the stack.
const DEEPEST = 64

/** @param root of an unpickled file. */
export function contentsOf(root: unknown, { path }: FoundEntry, container: string): FileContents {
  const metadata = new Map<string, string>()
  const opaque = new Set<string>()
  const seen = new Set<unknown>()
  // Last, so that a script's many options leave room for what it saved.
  const settings: (readonly [values: unknown, keys: readonly string[]])[] = []
  let caffe: string | undefined
  let unsearched = MOST_SEARCHED
  const visit = (value: unknown, keys: readonly string[]): void => {
    if (value instanceof Opaque && opaque.size < MOST_NAMES) opaque.add(value.name)
    if (value instanceof Settings && settings.length < MOST_NAMES) settings.push([value.values, keys])
    if (typeof value === 'string' && caffe === undefined && unsearched > 0) {
      caffe = caffeIn(keys.at(-1) ?? '', value.slice(0, unsearched))
      unsearched -= value.length
    }
    if (seen.has(value) || keys.length === DEEPEST) return
    if (value instanceof Map) {
      seen.add(value)
      for (const [key, inner] of value) visit(inner, typeof key === 'string' ? [...keys, key] : keys)
    } else if (value instanceof Tuple || Array.isArray(value)) {
      seen.add(value)
      for (const inner of value instanceof Tuple ? value.items : (value as unknown[]))
        visit(inner, [...keys, ''])
    } else if (
      isPlain(value) &&
      keys.length > 0 &&
      keys.length <= DEPTH &&
      keys.every(key => key !== '' && key.length <= LONGEST) &&
      metadata.size < MOST_VALUES
    ) {
      metadata.set(keys.join('.'), String(value).slice(0, LONGEST))
    }
  }
  visit(root, [])
  for (const [values, keys] of settings) visit(values, keys)
  return {
    container,
    entry: path,
    entries: listEntries(root),
    metadata: Object.fromEntries(metadata),
    opaque: [...opaque],
    ...(caffe !== undefined && { caffe })
  }
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
}
