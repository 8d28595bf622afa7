// The page's state as its address: `#/architecture?model=resnet18&open=layer1&lang=zh`. Each part has its own values;
// those of the parts that are not shown are remembered, and left out of the address.
import type { Fields } from './codecs.js'
import { pageFields, PARTS, type Part } from './parts.js'

/** Texts by name, as an address has them. */
export type Query = Readonly<Record<string, string>>

/** Whose values: a part's, or the whole page's. */
export type Scope = Part | 'page'

/** Where the page is. */
export interface Address {
  readonly part: Part
  readonly queries: Readonly<Record<Scope, Query>>
  /** A part that the address names and the page does not have. */
  readonly unknownPart?: string
}

/** What an address says that makes no sense, and is ignored. */
export interface Ignored {
  readonly name: string
  readonly text: string
}

const NOTHING: Readonly<Record<Scope, Query>> = { page: {}, architecture: {}, run: {}, train: {} }

/** Reads an address; what it does not say stays as it was. */
export function parseAddress(hash: string, before = NOTHING): Address {
  const [, name = '', search = ''] = /^#\/?([^?]*)(?:\?(.*))?$/s.exec(hash) ?? []
  const known = PARTS.find(part => part === name)
  const part = known ?? PARTS[0]
  const entries = [...new URLSearchParams(search)]
  const [ofPage, ofPart] = [true, false].map(shared =>
    Object.fromEntries(entries.filter(([key]) => Object.hasOwn(pageFields, key) === shared))
  )
  const queries = { ...before, page: ofPage, [part]: ofPart }
  return { part, queries, ...(known === undefined && name !== '' ? { unknownPart: name } : {}) }
}

/** Writes an address. */
export function formatAddress({ part, queries }: Address): string {
  const search = new URLSearchParams({ ...queries[part], ...queries.page }).toString()
  // Commas, slashes and colons stand for themselves in a fragment, and are easier to read so.
  const readable = search.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')
  return `#/${part}${readable === '' ? '' : `?${readable}`}`
}

/** The values a query stands for; what makes no sense is as if it were not there. */
export function readFields<V extends object>(fields: Fields<V>, query: Query): V {
  const values: Partial<V> = {}
  for (const name in fields) {
    const found = query[name]
    values[name] = (found === undefined ? undefined : fields[name].read(found)) ?? fields[name].initial
  }
  return values as V
}

/** The query of some values: only what is not as it would be anyway. */
export function writeFields<V extends object>(fields: Fields<V>, values: V): Query {
  const query: Record<string, string> = {}
  for (const name in fields) {
    const written = fields[name].write(values[name])
    if (written !== undefined && written !== fields[name].write(fields[name].initial)) query[name] = written
  }
  return query
}

/** What of a query makes no sense. */
export function ignoredIn<V extends object>(fields: Fields<V>, query: Query): Ignored[] {
  const byName = new Map(Object.entries<Fields<V>[keyof V]>(fields))
  return Object.entries(query)
    .filter(([name, found]) => byName.get(name)?.read(found) === undefined)
    .map(([name, found]) => ({ name, text: found }))
}
