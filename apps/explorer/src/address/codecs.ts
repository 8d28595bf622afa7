// How values are encoded in the page's URL, and which are valid.

/** Reads and writes one value. */
export interface Codec<T> {
  /** The default. */
  readonly initial: T
  /** Decodes a text; `undefined` if it is invalid. */
  read(text: string): T | undefined
  /** Encodes a value; `undefined` leaves it out of the URL. */
  write(value: T): string | undefined
}

/** A codec for each value. */
export type Fields<V> = { readonly [K in keyof V]-?: Codec<V[K]> }

/** Encoded values by name. */
export type Query = Readonly<Record<string, string>>

/** The values of some codecs. */
export type ValuesOf<F> = { readonly [K in keyof F]: F[K] extends Codec<infer T> ? T : never }

/** A codec that writes values as they are. */
export function codec<T extends string | number | readonly string[] | undefined>(
  initial: T,
  read: Codec<T>['read']
): Codec<T> {
  return { initial, read, write: value => value?.toString() }
}

/** One of some names, or `undefined`. */
export function oneOf<T extends string>(names: readonly T[]): Codec<T | undefined> {
  return codec<T | undefined>(undefined, text => names.find(name => name === text))
}

/** One of some names; the first is the default. */
export function choice<T extends string>(names: readonly [T, ...T[]]): Codec<T> {
  return codec(names[0], text => names.find(name => name === text))
}

/** An integer, or `undefined`. */
export function wholeNumber(least: number, most: number): Codec<number | undefined> {
  return codec<number | undefined>(undefined, text => {
    const value = Number(text)
    return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined
  })
}

/** A text of limited length. */
export function text<T extends string | undefined>(initial: T, longest = 200): Codec<string | T> {
  return codec<string | T>(initial, found => (found !== '' && found.length <= longest ? found : undefined))
}

/** Names. */
export function names(initial: readonly string[] = []): Codec<readonly string[]> {
  return codec<readonly string[]>(initial, found => found.split(',').filter(name => name !== ''))
}

/** Decodes a query; invalid values count as missing. */
export function readFields<V extends object>(fields: Fields<V>, query: Query): V {
  const values: Partial<V> = {}
  for (const name in fields) {
    const found = query[name]
    values[name] = (found === undefined ? undefined : fields[name].read(found)) ?? fields[name].initial
  }
  return values as V
}

/** Encodes values as a query, leaving out defaults. */
export function writeFields<V extends object>(fields: Fields<V>, values: V): Query {
  const query: Record<string, string> = {}
  for (const name in fields) {
    const written = fields[name].write(values[name])
    if (written !== undefined && written !== fields[name].write(fields[name].initial)) query[name] = written
  }
  return query
}

/** The invalid values of a query, which are ignored. */
export function ignoredIn(
  fields: Readonly<Record<string, Pick<Codec<unknown>, 'read'>>>,
  query: Query
): { readonly name: string; readonly text: string }[] {
  return Object.entries(query)
    .filter(([name, found]) => !Object.hasOwn(fields, name) || fields[name].read(found) === undefined)
    .map(([name, text]) => ({ name, text }))
}
