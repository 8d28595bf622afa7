// The machine that a pickle drives: a stack, marks, a memo, and the bytes still to be read; and the values it builds.
// It bounds what it builds, calls nothing but what its host names, and knows no torch.
// Source: CPython's pickletools.
import { Fault } from '../../base/errors.js'
import { dataView } from '../byte-source.js'

/** A Python tuple; lists become arrays, dicts become Maps, int becomes number or, past 2⁵³, bigint. */
export class Tuple {
  readonly items: readonly unknown[]

  constructor(items: readonly unknown[]) {
    this.items = items
  }
}

/** A class or function a pickle names. */
export class PickleGlobal {
  readonly name: string
  /** What calling it makes; absent for a constant. */
  readonly call: ((args: readonly unknown[]) => unknown) | undefined

  constructor(name: string, call?: (args: readonly unknown[]) => unknown) {
    this.name = name
    this.call = call
  }
}

/**
 * A dict key that is not text. Nothing is ever looked up by one, so each is its own: numbers can be chosen so that
 * they collide in a Map, and then every key costs a walk over all others.
 */
export class OtherKey {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** A key as dicts of this reader have it. */
export function dictKey(key: unknown): unknown {
  return typeof key === 'string' ? key : new OtherKey(key)
}

/** An object whose state a pickle sets after making it. */
export interface Stateful {
  setState(state: unknown): void
}

/** What the pickle's surroundings supply: the closed list of names, and the objects stored outside of it. */
export interface PickleHost {
  /** @throws Fault for a name that is not on the list. */
  global(name: string): PickleGlobal
  /** @throws Fault for an id that is not one of the surroundings'. */
  persistent(id: unknown): unknown
}

/** The bytes ended inside the pickle; the reader of a stream tries again with more. */
export class PickleEndsEarly extends Fault {
  constructor() {
    super('is truncated: its pickle ends early')
  }
}

// A tensor needs seven; the smallest takes one byte of pickle and up to 250 of memory.
const MAX_OBJECTS = 1_000_000

const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The stack, the marks, the memo, and the bytes that are still to be read. */
export class PickleMachine {
  readonly host: PickleHost
  position: number
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #stack: unknown[] = []
  readonly #marks: number[] = []
  // An array, because indices can be chosen so that they collide in a Map.
  readonly #memo: unknown[] = []
  #objects = 0

  constructor(bytes: Uint8Array, host: PickleHost, position: number) {
    this.host = host
    this.position = position
    this.#bytes = bytes
    this.#view = dataView(bytes)
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  /** The next 1, 2, 4 or 8 bytes as an unsigned little-endian integer; past 2⁵³ it is longer than any file. */
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
    try {
      return TEXT.decode(this.take(length))
    } catch (cause) {
      if (cause instanceof Fault) throw cause
      throw new Fault('its pickle has a string that is not UTF-8', { cause })
    }
  }

  /** The text before the next newline. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position)
    if (end < 0) throw new PickleEndsEarly()
    const line = this.text(end - this.position)
    this.position = end + 1
    return line
  }

  push(value: unknown): void {
    this.#stack.push(value)
  }

  /** Pushes something that was made for it. */
  pushNew(value: unknown): void {
    this.count(1)
    this.push(value)
  }

  /** Counts objects that are made, or looked at once more: few bytes of pickle can ask for very many. */
  count(objects: number): void {
    this.#objects += objects
    if (this.#objects > MAX_OBJECTS) {
      throw new Fault(`its pickle makes more than ${MAX_OBJECTS} lists, tuples, dicts and objects`)
    }
  }

  /** Keeps the value on top under an index, by default the next one. */
  memoize(index = this.#memo.length): void {
    if (index >= MAX_OBJECTS) {
      throw new Fault(`its pickle stores a value as number ${index}, at most ${MAX_OBJECTS} are allowed`)
    }
    this.#memo[index] = this.top()
  }

  /** Pushes what was kept under an index. */
  recall(index: number): void {
    // Python's None is null here, so nothing that was kept is undefined.
    const value = this.#memo[index]
    if (value === undefined) throw new Fault(`its pickle refers to value ${index}, which it never stored`)
    this.push(value)
  }

  pop(): unknown {
    this.#assertNotEmpty()
    return this.#stack.pop()
  }

  top(): unknown {
    this.#assertNotEmpty()
    return this.#stack[this.#stack.length - 1]
  }

  mark(): void {
    this.#marks.push(this.#stack.length)
  }

  /** Everything above the last mark. */
  popMark(): unknown[] {
    const mark = this.#marks.pop()
    if (mark === undefined) throw new Fault('its pickle is corrupt: there is no mark to go back to')
    return this.#stack.splice(mark)
  }

  popTuple(length: number): Tuple {
    const items = Array.from({ length }, () => this.pop())
    return new Tuple(items.reverse())
  }

  #assertNotEmpty(): void {
    const floor = this.#marks.length === 0 ? 0 : this.#marks[this.#marks.length - 1]
    if (this.#stack.length <= floor) {
      throw new Fault('its pickle is corrupt: it takes a value from an empty stack')
    }
  }

  #advance(length: number): number {
    const start = this.position
    if (!(start + length <= this.#bytes.length)) throw new PickleEndsEarly()
    this.position = start + length
    return start
  }
}
