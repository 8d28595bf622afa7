// Readers of plain data from outside: each checks a value and copies it, without any other key, accessor or prototype.
import { PathError } from './errors.js'
import { advice, shown, type Check } from './options.js'

/** Data that is not as its schema says; `path` leads to it. */
export class SchemaError extends PathError {}

/** Checks a value and returns a copy. @throws SchemaError naming the path, what was expected and what was found. */
export type Reader<T> = (value: unknown, path: string) => T

/** Says what was found in place of what was expected. */
export function mismatch(path: string, expected: string, value: unknown): SchemaError {
  return new SchemaError(path, `expected ${expected}, got ${shown(value)}`)
}

/** A number, a word, `true` or `false`: what a check of options accepts. */
/* @__NO_SIDE_EFFECTS__ */
export function checkedBy<T extends number | string | boolean>({ accepts, expected }: Check<T>): Reader<T> {
  return (value, path) => {
    if (!accepts(value)) throw mismatch(path, expected, value)
    // Adding 0 makes 0 of −0, which JSON does not have.
    return (typeof value === 'number' ? value + 0 : value) as T
  }
}

/** A value that may be left out. */
/* @__NO_SIDE_EFFECTS__ */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value, path) => (value === undefined ? undefined : read(value, path))
}

/** An array of `least` to `most` items. */
/* @__NO_SIDE_EFFECTS__ */
export function list<T>(read: Reader<T>, least: number, most = least): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      throw mismatch(path, `an array of ${least === most ? least : `${least} to ${most}`}`, value)
    }
    // By index: an array may come with an iterator of its own.
    return Array.from({ length: value.length }, (_, i) => read(value[i], `${path}[${i}]`))
  }
}

/** An object with these keys and no others; keys without a value are left out. */
/* @__NO_SIDE_EFFECTS__ */
export function record<T extends object>(fields: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const names = Object.keys(fields) as (keyof T & string)[]
  return (value, path) => {
    const found = propertiesOf(value, path)
    for (const name of found.keys()) {
      if (!Object.hasOwn(fields, name)) throw unknownName(path, 'option', name, names)
    }
    const made: Partial<T> = {}
    for (const name of names) {
      const read = fields[name](found.get(name), `${path}.${name}`)
      if (read !== undefined) made[name] = read
    }
    return made as T
  }
}

/** Says that a name is none of the known ones, and which are near. */
export function unknownName(path: string, what: string, name: string, known: readonly string[]): SchemaError {
  return new SchemaError(path, `unknown ${what} ${shown(name)}${advice(name, known)}`)
}

/** The values of a plain object; an accessor is none, so reading runs nobody's code. */
export function propertiesOf(value: unknown, path: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(path, 'an object', value)
  }
  const properties = Object.entries(Object.getOwnPropertyDescriptors(value))
  return new Map(properties.map(([name, property]) => [name, property.value as unknown]))
}
