// How values stand in the page's address, and which of them make sense.

/** Reads and writes one value. */
export interface Codec<T> {
  /** What holds where the address says nothing. */
  readonly initial: T
  /** The value, or nothing where the text does not make sense. */
  read(text: string): T | undefined
  /** The text; nothing leaves the value out of the address. */
  write(value: T): string | undefined
}

/** A codec for each value. */
export type Fields<V> = { readonly [K in keyof V]-?: Codec<V[K]> }

/** One of some names, or nothing. */
export function oneOf<T extends string>(names: readonly T[]): Codec<T | undefined> {
  return {
    initial: undefined,
    read: text => names.find(name => name === text),
    write: value => value
  }
}

/** One of some names, the first where the address says nothing. */
export function choice<T extends string>(names: readonly [T, ...T[]]): Codec<T> {
  return {
    initial: names[0],
    read: text => names.find(name => name === text),
    write: value => value
  }
}

/** A whole number, or nothing. */
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

/** A text of at most so many characters. */
export function text<T extends string | undefined>(initial: T, longest = 200): Codec<string | T> {
  return {
    initial,
    read: found => (found !== '' && found.length <= longest ? found : undefined),
    write: value => value
  }
}

/** Names separated by commas. */
export function names(initial: readonly string[] = []): Codec<readonly string[]> {
  return {
    initial,
    read: found => found.split(',').filter(name => name !== ''),
    write: value => value.join(',')
  }
}
