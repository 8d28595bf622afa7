// What a pickled checkpoint holds beside its weights: entries, plain values, and the names of objects of other classes.
import { Opaque, Tuple } from '../pickle/pickle-values.js'
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
}

// More than anybody reads.
const MOST_VALUES = 64
const MOST_NAMES = 256
const LONGEST = 200
const DEPTH = 3
// Far beyond what anybody nests, and within the stack.
const DEEPEST = 64

/** @param root of an unpickled file. */
export function contentsOf(root: unknown, { path }: FoundEntry, container: string): FileContents {
  const metadata = new Map<string, string>()
  const opaque = new Set<string>()
  const seen = new Set<unknown>()
  const visit = (value: unknown, keys: readonly string[]): void => {
    if (value instanceof Opaque && opaque.size < MOST_NAMES) opaque.add(value.name)
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
  return {
    container,
    entry: path,
    entries: listEntries(root),
    metadata: Object.fromEntries(metadata),
    opaque: [...opaque]
  }
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
}
