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

/** One of some names, or `undefined`. */
export function oneOf<T extends string>(names: readonly T[]): Codec<T | undefined> {
  return {
    initial: undefined,
    read: text => names.find(name => name === text),
    write: value => value
  }
}

/** One of some names; the first is the default. */
export function choice<T extends string>(names: readonly [T, ...T[]]): Codec<T> {
  return {
    initial: names[0],
    read: text => names.find(name => name === text),
    write: value => value
  }
}

/** An integer, or `undefined`. */
export function wholeNumber(least: number, most: number): Codec<number | undefined> {
  return {
    initial: undefined,
    read(text) {
      const value = Number(text)
      return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined
    },
    write: value => value?.toString()
  }
}

/** A text of limited length. */
export function text<T extends string | undefined>(initial: T, longest = 200): Codec<string | T> {
  return {
    initial,
    read: found => (found !== '' && found.length <= longest ? found : undefined),
    write: value => value
  }
}

export function names(initial: readonly string[] = []): Codec<readonly string[]> {
  return {
    initial,
    read: found => found.split(',').filter(name => name !== ''),
    write: value => value.join(',')
  }
}
