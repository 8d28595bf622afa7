// Which sources are a repository's files: an address on the hub, a folder that was downloaded from there, or the index of weights in
// several files, which are beside it.
import { isA } from '../../base/kinds.js'
import { isFolder } from '#platform'
import { isHubAddress } from './address.js'

/** A repository's place as text; undefined for any other source of weights. */
export function repositoryOf(source: unknown): string | undefined {
  const text = isA(URL, source) ? source.href : source
  if (typeof text !== 'string') return undefined
  return isHubAddress(text) || besideIndex(text) !== undefined || isFolder(text) ? text : undefined
}

const INDEX = '.index.json'

export interface IndexPlace {
  /** The index's own name. */
  readonly file: string
  /** The path or address of a file beside it. */
  readonly beside: (file: string) => string
}

/** Where an index of weights in several files is, as transformers writes it; undefined for other paths and addresses. */
export function besideIndex(source: string): IndexPlace | undefined {
  // What follows it in an address stays: it may be a permission.
  const end = source.lastIndexOf(INDEX) + INDEX.length
  const isIndex = end >= INDEX.length && (end === source.length || /[?#]/.test(source[end]))
  if (!isIndex || source.startsWith('data:')) return undefined
  const path = source.slice(0, end)
  const start = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1
  return { file: path.slice(start), beside: file => path.slice(0, start) + file + source.slice(end) }
}
