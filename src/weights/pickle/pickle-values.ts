// Python's values as this reader holds them: lists are arrays, dicts Maps, and int is a number or, from 2⁵³, a bigint.
import { quote } from '../../base/words.js'

export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** A class, function or constant by its name. */
export class PickleGlobal {
  /** @param call undefined for a constant. */
  constructor(
    readonly name: string,
    readonly call?: (args: readonly unknown[]) => unknown
  ) {}
}

/**
 * An object of a class that this reader does not know, such as an `argparse.Namespace`: its name alone. It cannot be called, takes
 * any state or items and keeps none, and counts as no tensor, container, text or number.
 */
export class Opaque {
  constructor(readonly name: string) {}
}

/** An object that is only a set of names and values, which are for reading: `argparse.Namespace`. */
export class Settings extends Opaque {
  values: ReadonlyMap<unknown, unknown> = new Map()
}

/** A name that the reader does not know. Calling it makes an `Opaque`: there is nothing behind it that could run. */
export function unknownGlobal(name: string): PickleGlobal {
  return new PickleGlobal(name, () => new Opaque(name))
}

/** A dict key that is not text. Each is unique, since crafted numeric keys could collide in a Map and make it quadratic. */
export class OtherKey {
  constructor(readonly value: unknown) {}
}

/** A dict key as this reader represents it. */
export function dictKey(key: unknown): unknown {
  return typeof key === 'string' ? key : new OtherKey(key)
}

/** An object whose state is set after its construction. */
export abstract class Stateful {
  /** What it is, for messages. */
  abstract readonly kind: string
  abstract setState(state: unknown): void
}

/** What a value is, for messages. */
export function describe(value: unknown): string {
  if (value === null) return 'None'
  if (value instanceof Stateful) return value.kind
  if (value instanceof Map) return 'a dict'
  if (value instanceof Tuple) return 'a tuple'
  if (value instanceof OtherKey) return describe(value.value)
  if (value instanceof Opaque) return `an object of ${quote(value.name)}`
  if (value instanceof PickleGlobal) return `the Python name ${quote(value.name)}`
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Uint8Array) return 'bytes'
  const names: Readonly<Record<string, string>> = {
    string: 'a str',
    number: 'a number',
    bigint: 'a number',
    boolean: 'a bool'
  }
  return names[typeof value] ?? 'an object'
}
