// Readers of plain data from outside (a file's metadata, a caller's options): each checks a value and copies it, so that
// what comes out is what the types say and holds no other key, getter or prototype than they do.
import { PathError } from './errors.js'
import { didYouMean } from './nearest-names.js'

/** Data that is not as its schema says; `path` leads to it. */
export class SchemaError extends PathError {}

/**
 * Checks a value and returns a copy.
 * @throws SchemaError naming the path, what was expected and what was found.
 */
export type Reader<T> = (value: unknown, path: string) => T

const SHOWN = 40

/** Says what was found in place of what was expected. */
export function mismatch(path: string, expected: string, value: unknown): SchemaError {
  return new SchemaError(path, `expected ${expected}, got ${describeValue(value)}`)
}

/** A value in a message: numbers, booleans and short text as they are, of the rest what it is. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quoted(value)
  if (!Array.isArray(value)) return typeof value === 'object' ? 'an object' : `a ${typeof value}`
  const isShort = value.length > 0 && value.length <= 4 && value.every(item => typeof item === 'number')
  return isShort ? `[${value.join(', ')}]` : `a list of ${value.length}`
}

function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
}

/** A finite number from `least` to `most`. */
export function number(least: number, most: number): Reader<number> {
  return (value, path) => {
    // Adding 0 makes 0 of −0, which JSON does not have.
    if (typeof value === 'number' && value >= least && value <= most) return value + 0
    throw mismatch(path, `a number from ${least} to ${most}`, value)
  }
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): Reader<number> {
  return (value, path) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
      return value + 0
    throw mismatch(path, `a whole number from ${least} to ${most}`, value)
  }
}

/** `true` or `false`. */
export const flag: Reader<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value
  throw mismatch(path, 'true or false', value)
}

/** One of some words or numbers. */
export function oneOf<const T extends string | number>(...values: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = values.find(each => each === value)
    if (found !== undefined) return found
    throw mismatch(path, values.map(each => JSON.stringify(each)).join(' or '), value)
  }
}

/** A value that may be left out. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value, path) => (value === undefined ? undefined : read(value, path))
}

/** A list whose length is one of `lengths`, or from the first to the last of them if there are two. */
export function list<T>(read: Reader<T>, least: number, most = least): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      throw mismatch(path, `a list of ${least === most ? least : `${least} to ${most}`}`, value)
    }
    return Array.from(value, (item: unknown, i) => read(item, `${path}[${i}]`))
  }
}

/** An object with these keys and no others; keys without a value are left out. */
export function record<T extends object>(fields: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const names = Object.keys(fields) as (keyof T & string)[]
  return (value, path) => {
    const found = propertiesOf(value, path)
    for (const name of found.keys()) {
      if (Object.hasOwn(fields, name)) continue
      throw new SchemaError(path, `has no option ${quoted(name)}${meantAmong(name, names)}`)
    }
    const made: Partial<T> = {}
    for (const name of names) {
      const read = fields[name](found.get(name), `${path}.${name}`)
      if (read !== undefined) made[name] = read
    }
    return made as T
  }
}

/** Ends a sentence about an unknown name: the likeliest ones, or all there are. */
export function meantAmong(name: string, names: readonly string[]): string {
  return didYouMean(name.slice(0, SHOWN), names) || `; known are ${names.join(', ')}`
}

/** The values of a plain object; an accessor is none, so reading runs nobody's code. */
export function propertiesOf(value: unknown, path: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(path, 'an object', value)
  }
  const properties = Object.entries(Object.getOwnPropertyDescriptors(value))
  return new Map(properties.map(([name, property]) => [name, property.value as unknown]))
}
