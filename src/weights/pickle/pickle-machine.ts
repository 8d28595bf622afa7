// The stack machine of pickles: stack, marks, memo and input. It limits what it builds, calls only functions of its host, and
// does not depend on torch. Source: CPython's pickletools.
import { Fault } from '../../base/errors.js'
import { dataView } from '../bytes.js'
import { Tuple, type PickleGlobal } from './pickle-values.js'

/** The environment of a pickle: what names mean, and objects stored outside. */
export interface PickleHost {
  global(name: string): PickleGlobal
  /** @throws Fault for an unknown id. */
  persistent(id: unknown): unknown
}

/** The input ended within the pickle; streams retry with more. */
export class PickleEndsEarly extends Fault {
  constructor() {
    super('is truncated: its pickle ends early')
  }
}

// A tensor needs seven; the smallest takes one byte of pickle and up to 100 of memory.
const MAX_OBJECTS = 1_000_000
// Of all kinds, numbers and texts too, which take up to 30 bytes beyond their pickle: a history of metrics may be long.
const MAX_VALUES = 8_000_000
// A text becomes bytes at most once, unless a crafted pickle recalls it.
const CONVERSIONS = 2
const CHARACTERS_AT_ONCE = 8192

const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export class PickleMachine {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #stack: unknown[] = []
  readonly #marks: number[] = []
  // An array, because crafted indices could collide in a Map.
  readonly #memo: unknown[] = []
  #objects = 0
  #values = 0
  #converted = 0

  constructor(
    bytes: Uint8Array,
    readonly host: PickleHost,
    public position: number
  ) {
    this.#bytes = bytes
    this.#view = dataView(bytes)
  }

  take(length: number): Uint8Array {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  /** The next 1, 2, 4 or 8 bytes as an unsigned little-endian integer; inexact from 2⁵³, which exceeds any file's size. */
  uint(size: 1 | 2 | 4 | 8): number {
    const at = this.#advance(size)
    if (size === 1) return this.#view.getUint8(at)
    if (size === 2) return this.#view.getUint16(at, true)
    if (size === 4) return this.#view.getUint32(at, true)
    return Number(this.#view.getBigUint64(at, true))
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true)
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false)
  }

  text(length: number): string {
    const text = textOf(this.take(length))
    if (text === undefined) throw new Fault('its pickle has a string that is not UTF-8')
    return text
  }

  /** A `str` of Python 2, which may be text or bytes. */
  oldString(length: number): string | Uint8Array {
    const bytes = this.take(length)
    return textOf(bytes) ?? bytes
  }

  line(): string {
    const line = this.text(this.#restOfLine())
    this.position++
    return line
  }

  /** A line whose bytes are characters (Latin-1). */
  rawLine(): string {
    const bytes = this.take(this.#restOfLine())
    this.position++
    let line = ''
    for (let at = 0; at < bytes.length; at += CHARACTERS_AT_ONCE)
      line += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS_AT_ONCE))
    return line
  }

  push(value: unknown): void {
    if (++this.#values > MAX_VALUES) throw new Fault(`its pickle has more than ${MAX_VALUES} values`)
    this.#stack.push(value)
  }

  pushNew(value: unknown, weight = 1): void {
    this.count(weight)
    this.push(value)
  }

  /** Counts objects made or traversed again, as few bytes can request many. */
  count(objects: number): void {
    this.#objects += objects
    if (this.#objects > MAX_OBJECTS) {
      throw new Fault(`its pickle makes more than ${MAX_OBJECTS} lists, tuples, dicts and objects`)
    }
  }

  /** Counts what a call takes that costs its length, as few bytes can recall a long value for many calls. */
  countTaken(values: readonly unknown[]): void {
    for (const value of values) {
      if (typeof value === 'string') this.#converted += value.length
      else if (Array.isArray(value)) this.count(value.length)
      else if (value instanceof Map) this.count(value.size)
    }
    if (this.#converted > CONVERSIONS * this.#bytes.length)
      throw new Fault('its pickle makes more bytes of its texts than it has')
  }

  /** Memoises the top of the stack under an index, by default the next. */
  memoize(index = this.#memo.length): void {
    if (index >= MAX_OBJECTS) {
      throw new Fault(`its pickle stores a value as number ${index}, at most ${MAX_OBJECTS} are allowed`)
    }
    this.#memo[index] = this.top()
  }

  recall(index: number): void {
    // None is null here, so undefined means missing.
    const value = this.#memo[index]
    if (value === undefined) throw new Fault(`its pickle refers to value ${index}, which it never stored`)
    this.push(value)
  }

  pop(): unknown {
    const value = this.top()
    this.#stack.pop()
    return value
  }

  top(): unknown {
    if (this.#stack.length > (this.#marks.at(-1) ?? 0)) return this.#stack.at(-1)
    throw new Fault('its pickle is corrupt: it takes a value from an empty stack')
  }

  mark(): void {
    if (this.#marks.length === MAX_OBJECTS)
      throw new Fault(`its pickle is nested more than ${MAX_OBJECTS} deep`)
    this.#marks.push(this.#stack.length)
  }

  popMark(): unknown[] {
    const mark = this.#marks.pop()
    if (mark === undefined) throw new Fault('its pickle is corrupt: there is no mark to go back to')
    return this.#stack.splice(mark)
  }

  popTuple(length: number): Tuple {
    const items = Array.from({ length }, () => this.pop())
    return new Tuple(items.reverse())
  }

  #restOfLine(): number {
    const end = this.#bytes.indexOf(0x0a, this.position)
    if (end < 0) throw new PickleEndsEarly()
    return end - this.position
  }

  #advance(length: number): number {
    const start = this.position
    if (!(start + length <= this.#bytes.length)) throw new PickleEndsEarly()
    this.position = start + length
    return start
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return TEXT.decode(bytes)
  } catch {
    return undefined
  }
}
