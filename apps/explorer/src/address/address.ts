// The page's state in its URL fragment: `#/architecture?model=resnet18&open=layer1&lang=zh`. Each part has its own values;
// the values of hidden parts are remembered but left out of the URL.
import { oneOf, type Query } from './codecs.js'

/** The parts of the page, in the order of their tabs. */
export const PARTS = ['architecture', 'run', 'train'] as const

export type Part = (typeof PARTS)[number]

export type Language = 'en' | 'zh'

/** Parameters of the whole page; by default the browser's language and the system's colours. */
export const pageFields = { lang: oneOf<Language>(['en', 'zh']), theme: oneOf(['light', 'dark']) }

/** The owner of some values: a part, or the whole page. */
export type Scope = Part | 'page'

/** The page's state. */
export interface Address {
  readonly part: Part
  readonly queries: Readonly<Record<Scope, Query>>
  /** A part that the URL names but the page does not have. */
  readonly unknownPart?: string
}

const NOTHING: Readonly<Record<Scope, Query>> = { page: {}, architecture: {}, run: {}, train: {} }

/** Parses a URL fragment; values that it does not set stay as they were. */
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

export function formatAddress({ part, queries }: Address): string {
  const search = new URLSearchParams({ ...queries[part], ...queries.page }).toString()
  // Commas, slashes and colons need no escaping in a fragment, and are easier to read so.
  const readable = search.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')
  return `#/${part}${readable === '' ? '' : `?${readable}`}`
}
