// Schemas: readers of plain data from outside, such as JSON in a file. Each checks a value and copies it, without any other
// key, accessor or prototype; limits bound what a small file can ask for. Types follow from the schema (`ReadBy`).
import { PathError } from './errors.js'
import { advice, shown, type Check } from './options.js'

/** Data that is not as its schema says; `path` leads to it. */
export class SchemaError extends PathError {}

/** Checks a value and returns a copy. @throws SchemaError naming the path, what was expected and what was found. */
export type Reader<T> = (value: unknown, path: string) => T

/** What a reader gives. */
export type ReadBy<R> = R extends Reader<infer T> ? T : never
type OpenOf<Fields> = { [K in keyof Fields]: undefined extends ReadBy<Fields[K]> ? K : never }[keyof Fields]

/** What a record of these fields holds; a field that may be undefined may be left out. */
export type RecordOf<Fields> = {
  readonly [K in keyof Omit<Fields, OpenOf<Fields>>]: ReadBy<Fields[K & keyof Fields]>
} & { readonly [K in keyof Pick<Fields, OpenOf<Fields>>]?: Exclude<ReadBy<Fields[K]>, undefined> }

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

/** Text of at most so many characters. */
/* @__NO_SIDE_EFFECTS__ */
export function text(longest: number): Reader<string> {
  return checkedBy({
    expected: `text of at most ${longest} characters`,
    accepts: value => typeof value === 'string' && value.length <= longest
  })
}

/** A name: text without control characters, which are commands where it is written to a terminal. */
/* @__NO_SIDE_EFFECTS__ */
export function plainText(longest: number): Reader<string> {
  return checkedBy({
    expected: `text of at most ${longest} characters, none of which controls a terminal`,
    accepts: value => typeof value === 'string' && value.length <= longest && !/\p{Cc}/u.test(value)
  })
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

type Fields<T> = { readonly [K in keyof T]-?: Reader<T[K]> }

/** An object with these keys and no others; keys without a value are left out. */
/* @__NO_SIDE_EFFECTS__ */
export function record<T extends object>(fields: Fields<T>): Reader<T> {
  const names = Object.keys(fields)
  return (value, path) => {
    for (const name of namesOf(value, path)) {
      if (!Object.hasOwn(fields, name)) throw unknownName(path, 'option', name, names)
    }
    return readFields(value, fields, path)
  }
}

/** An object of which only these keys are read: a later version may have written more. */
/* @__NO_SIDE_EFFECTS__ */
export function partOf<T extends object>(fields: Fields<T>): Reader<T> {
  return (value, path) => readFields(value, fields, path)
}

function readFields<T extends object>(value: unknown, fields: Fields<T>, path: string): T {
  assertObject(value, path)
  const made: Partial<T> = {}
  for (const name of Object.keys(fields) as (keyof T & string)[]) {
    // These alone: a small file may have a million others.
    const found: unknown = Object.getOwnPropertyDescriptor(value, name)?.value
    const read = fields[name](found, `${path}.${name}`)
    if (read !== undefined) made[name] = read
  }
  return made as T
}

const LONGEST_KEY = 1024

/** Values by names of any kind, also `constructor` and `__proto__`: the object has no prototype. At most so many. */
/* @__NO_SIDE_EFFECTS__ */
export function dictionary<T>(read: Reader<T>, most: number): Reader<Readonly<Record<string, T>>> {
  const readKey = text(LONGEST_KEY)
  return (value, path) => {
    if (namesOf(value, path).length > most) throw mismatch(path, `an object of at most ${most} keys`, value)
    const found = propertiesOf(value, path)
    const made = Object.create(null) as Record<string, T>
    for (const [name, each] of found) {
      made[readKey(name, `${path}: a key`)] = read(each, `${path}[${shown(name)}]`)
    }
    return made
  }
}

// Far beyond what is written, and little memory: an empty array of a file's two characters takes fifty bytes.
const MOST_JSON = 100_000_000
const MOST_CONTAINERS = 2 ** 20
const MOST_NESTED = 32

/**
 * Parses JSON from a file and checks it.
 * @throws SchemaError when it is no JSON, too much of it, or not as the reader says.
 */
export function readJson<T>(json: string, path: string, read: Reader<T>): T {
  if (json.length > MOST_JSON) throw mismatch(path, `JSON of at most ${MOST_JSON} characters`, json)
  assertShallow(json, path)
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new SchemaError(path, `expected JSON, got ${shown(json)}`, { cause })
  }
  return read(value, path)
}

const [QUOTE, BACKSLASH, ...BRACKETS] = Array.from('"\\[{]}', char => char.charCodeAt(0))

/** @throws SchemaError for more or deeper arrays and objects than any file has, before any is made. */
function assertShallow(json: string, path: string): void {
  const [openArray, openObject, closeArray, closeObject] = BRACKETS
  let isInText = false
  let depth = 0
  let count = 0
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (isInText) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) isInText = false
    } else if (code === QUOTE) {
      isInText = true
    } else if (code === openArray || code === openObject) {
      if (++depth > MOST_NESTED) throw new SchemaError(path, `is nested more than ${MOST_NESTED} deep`)
      if (++count > MOST_CONTAINERS) {
        throw new SchemaError(path, `has more than ${MOST_CONTAINERS} arrays and objects`)
      }
    } else if (code === closeArray || code === closeObject) {
      depth--
    }
  }
}

/** Says that a name is none of the known ones, and which are near. */
export function unknownName(path: string, what: string, name: string, known: readonly string[]): SchemaError {
  return new SchemaError(path, `unknown ${what} ${shown(name)}${advice(name, known)}`)
}

/** The values of a plain object; an accessor is none, so reading runs nobody's code. */
export function propertiesOf(value: unknown, path: string): ReadonlyMap<string, unknown> {
  assertObject(value, path)
  const properties = Object.entries(Object.getOwnPropertyDescriptors(value))
  return new Map(properties.map(([name, property]) => [name, property.value as unknown]))
}

function namesOf(value: unknown, path: string): readonly string[] {
  assertObject(value, path)
  return Object.getOwnPropertyNames(value)
}

function assertObject(value: unknown, path: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(path, 'an object', value)
  }
}
