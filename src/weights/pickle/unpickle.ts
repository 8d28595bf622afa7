// Reads pickles as data, all protocols. Each opcode that files of weights use is one row, all others are rejected. Names mean what
// the host says, which is never code: what it does not know becomes an `Opaque`. Source: CPython's pickletools.
import { Fault } from '../../base/errors.js'
import type { ByteSource } from '../bytes.js'
import { PickleEndsEarly, PickleMachine, type PickleHost } from './pickle-machine.js'
import { describe, dictKey, Opaque, PickleGlobal, Settings, Stateful, Tuple } from './pickle-values.js'
import { escapedText, quotedText } from './text-literals.js'

type Row = readonly [code: number, name: string, run: (machine: PickleMachine) => void]

const EMPTY_TUPLE = new Tuple([])

// An empty dict takes a byte of pickle and 250 of memory, a list a third of that.
const DICT_WEIGHT = 3

const ROWS: readonly Row[] = [
  [0x80, 'PROTO', m => assertProtocol(m.uint(1))],
  [0x95, 'FRAME', m => void m.uint(8)],
  [0x28, 'MARK', m => m.mark()],
  [0x30, 'POP', m => void m.pop()],
  [0x31, 'POP_MARK', m => void m.popMark()],
  [0x32, 'DUP', m => m.push(m.top())],

  [0x4e, 'NONE', m => m.push(null)],
  [0x88, 'NEWTRUE', m => m.push(true)],
  [0x89, 'NEWFALSE', m => m.push(false)],
  [0x4a, 'BININT', m => m.push(m.int32())],
  [0x4b, 'BININT1', m => m.push(m.uint(1))],
  [0x4d, 'BININT2', m => m.push(m.uint(2))],
  [0x8a, 'LONG1', m => m.push(longOf(m, m.uint(1)))],
  [0x8b, 'LONG4', m => m.push(longOf(m, m.uint(4)))],
  [0x49, 'INT', m => m.push(intLine(m, m.line()))],
  [0x4c, 'LONG', m => m.push(longLine(m, m.line()))],
  [0x46, 'FLOAT', m => m.push(Number(m.line()))],
  [0x47, 'BINFLOAT', m => m.push(m.float64())],

  [0x53, 'STRING', m => m.push(quotedText(m.rawLine()))],
  [0x56, 'UNICODE', m => m.push(escapedText(m.rawLine()))],
  [0x55, 'SHORT_BINSTRING', m => m.pushNew(m.oldString(m.uint(1)))],
  [0x54, 'BINSTRING', m => m.pushNew(m.oldString(m.uint(4)))],
  [0x8c, 'SHORT_BINUNICODE', m => m.push(m.text(m.uint(1)))],
  [0x58, 'BINUNICODE', m => m.push(m.text(m.uint(4)))],
  [0x8d, 'BINUNICODE8', m => m.push(m.text(m.uint(8)))],
  [0x43, 'SHORT_BINBYTES', m => m.pushNew(m.take(m.uint(1)))],
  [0x42, 'BINBYTES', m => m.pushNew(m.take(m.uint(4)))],
  [0x8e, 'BINBYTES8', m => m.pushNew(m.take(m.uint(8)))],
  [0x96, 'BYTEARRAY8', m => m.pushNew(m.take(m.uint(8)))],

  [0x29, 'EMPTY_TUPLE', m => m.push(EMPTY_TUPLE)],
  [0x85, 'TUPLE1', m => m.pushNew(m.popTuple(1))],
  [0x86, 'TUPLE2', m => m.pushNew(m.popTuple(2))],
  [0x87, 'TUPLE3', m => m.pushNew(m.popTuple(3))],
  [0x74, 'TUPLE', m => m.pushNew(new Tuple(m.popMark()))],
  [0x6c, 'LIST', m => m.pushNew(m.popMark())],
  [0x5d, 'EMPTY_LIST', m => m.pushNew([])],
  [0x61, 'APPEND', m => append(m, [m.pop()])],
  [0x65, 'APPENDS', m => append(m, m.popMark())],
  [0x7d, 'EMPTY_DICT', m => m.pushNew(new Map(), DICT_WEIGHT)],
  [0x64, 'DICT', m => dictOf(m, m.popMark())],
  [0x73, 'SETITEM', m => setItems(m, m.popTuple(2).items)],
  [0x75, 'SETITEMS', m => setItems(m, m.popMark())],

  [0x8f, 'EMPTY_SET', m => m.pushNew(new Opaque('builtins.set'))],
  [0x90, 'ADDITEMS', m => addItems(m, m.popMark())],
  [0x91, 'FROZENSET', m => pushOpaque(m, 'builtins.frozenset', m.popMark())],

  [0x70, 'PUT', m => m.memoize(indexLine(m.line()))],
  [0x71, 'BINPUT', m => m.memoize(m.uint(1))],
  [0x72, 'LONG_BINPUT', m => m.memoize(m.uint(4))],
  [0x94, 'MEMOIZE', m => m.memoize()],
  [0x67, 'GET', m => m.recall(indexLine(m.line()))],
  [0x68, 'BINGET', m => m.recall(m.uint(1))],
  [0x6a, 'LONG_BINGET', m => m.recall(m.uint(4))],

  [0x63, 'GLOBAL', m => m.pushNew(m.host.global(`${m.line()}.${m.line()}`))],
  [0x93, 'STACK_GLOBAL', m => stackGlobal(m)],
  [0x52, 'REDUCE', m => construct(m, m.popTuple(2).items)],
  [0x81, 'NEWOBJ', m => construct(m, m.popTuple(2).items)],
  [0x92, 'NEWOBJ_EX', m => construct(m, m.popTuple(3).items)],
  [0x69, 'INST', m => construct(m, [m.host.global(`${m.line()}.${m.line()}`), new Tuple(m.popMark())])],
  [0x6f, 'OBJ', m => constructBelow(m, m.popMark())],
  [0x62, 'BUILD', m => build(m)],
  [0x51, 'BINPERSID', m => m.pushNew(m.host.persistent(m.pop()))]
]

const OPCODES = new Map(ROWS.map(([code, , run]) => [code, run]))

/** Maximum bytes of a pickle: some hold their tensors as NumPy arrays, or long histories beside them. */
export const MAX_PICKLE_BYTES = 512 * 2 ** 20

const STOP = 0x2e

/** @throws Fault for an opcode or a name that is not allowed, or invalid bytes. */
export function unpickle(bytes: Uint8Array, host: PickleHost, start = 0): { value: unknown; end: number } {
  const machine = new PickleMachine(bytes, host, start)
  for (;;) {
    const at = machine.position
    const code = machine.uint(1)
    if (code === STOP) return { value: machine.pop(), end: machine.position }
    const run = OPCODES.get(code)
    if (run === undefined) {
      const hex = code.toString(16).padStart(2, '0')
      throw new Fault(`its pickle has opcode 0x${hex} at byte ${at}, which no file of weights needs`)
    }
    run(machine)
  }
}

function assertProtocol(protocol: number): void {
  if (protocol > 5) throw new Fault(`its pickle is of protocol ${protocol}; 5 is the last one known`)
}

// Beyond, the conversion takes longer than the file is worth.
const MAX_INTEGER_BYTES = 2 ** 16
// Of integers beyond the usual ones, as many bytes or digits cost as much as an object.
const USUAL_INTEGER = 20
const INTEGER_PER_OBJECT = 16

function countInteger(machine: PickleMachine, length: number): void {
  if (length > USUAL_INTEGER) machine.count(length / INTEGER_PER_OBJECT)
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** A little-endian two's complement integer. */
function longOf(machine: PickleMachine, length: number): number | bigint {
  if (length > MAX_INTEGER_BYTES) throw new Fault(`its pickle has an integer of ${length} bytes`)
  countInteger(machine, length)
  const bytes = machine.take(length)
  let hex = '0x0'
  for (let at = length - 1; at >= 0; at--) hex += HEX[bytes[at]]
  const unsigned = BigInt(hex)
  return narrow(BigInt.asIntN(8 * length, unsigned))
}

/** Protocol 1 writes booleans as the integers 00 and 01. */
function intLine(machine: PickleMachine, line: string): number | bigint | boolean {
  return line === '00' || line === '01' ? line === '01' : longLine(machine, line)
}

function longLine(machine: PickleMachine, line: string): number | bigint {
  countInteger(machine, line.length)
  return parseInteger(line.replace(/L$/, ''))
}

function parseInteger(text: string): number | bigint {
  if (!/^-?\d{1,10000}$/.test(text)) throw new Fault('its pickle has an integer that is no number')
  return narrow(BigInt(text))
}

function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function indexLine(line: string): number {
  return Number(parseInteger(line))
}

function append(machine: PickleMachine, items: readonly unknown[]): void {
  const list = machine.top()
  if (list instanceof Opaque) return
  if (!Array.isArray(list)) throw new Fault(`its pickle appends to ${describe(list)}, which is not a list`)
  for (const item of items) list.push(item)
}

function addItems(machine: PickleMachine, _items: readonly unknown[]): void {
  if (!(machine.top() instanceof Opaque))
    throw new Fault('its pickle adds items to something that is not a set')
}

// A key's wrapper and its place in the Map.
const ITEMS_PER_OBJECT = 8

function setItems(machine: PickleMachine, items: readonly unknown[]): void {
  const dict = machine.top()
  if (items.length % 2 !== 0) throw new Fault('its pickle sets a dict key without a value')
  if (dict instanceof Opaque) return
  if (!(dict instanceof Map)) throw new Fault('its pickle sets items of something that is not a dict')
  machine.count(items.length / ITEMS_PER_OBJECT)
  for (let i = 0; i < items.length; i += 2) dict.set(dictKey(items[i]), items[i + 1])
}

function dictOf(machine: PickleMachine, items: readonly unknown[]): void {
  machine.pushNew(new Map(), DICT_WEIGHT)
  setItems(machine, items)
}

function pushOpaque(machine: PickleMachine, name: string, _items: readonly unknown[]): void {
  machine.pushNew(new Opaque(name))
}

function stackGlobal(machine: PickleMachine): void {
  const [module, name] = machine.popTuple(2).items
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw new Fault('its pickle names a Python global by something that is not text')
  }
  machine.pushNew(machine.host.global(`${module}.${name}`))
}

function construct(machine: PickleMachine, [callee, args]: readonly unknown[]): void {
  // What an unknown function returned, called in turn, is as unknown.
  if (callee instanceof Opaque) {
    machine.push(callee)
    return
  }
  if (!(callee instanceof PickleGlobal) || callee.call === undefined || !(args instanceof Tuple)) {
    const name = callee instanceof PickleGlobal ? callee.name : 'something that is not a class or function'
    throw new Fault(`its pickle calls ${name}, which no file of weights does`)
  }
  machine.countTaken(args.items)
  machine.pushNew(callee.call(args.items))
}

function constructBelow(machine: PickleMachine, [callee, ...args]: readonly unknown[]): void {
  construct(machine, [callee, new Tuple(args)])
}

function build(machine: PickleMachine): void {
  const state = machine.pop()
  const target = machine.top()
  if (target instanceof Settings && state instanceof Map) target.values = state
  // torch keeps `_metadata` in an OrderedDict's attributes, which only its own migrations read.
  if (target instanceof Opaque || (target instanceof Map && state instanceof Map)) return
  if (!(target instanceof Stateful)) throw new Fault('its pickle sets the state of something that has none')
  if (state instanceof Tuple) machine.countTaken(state.items)
  target.setState(state)
}

const FIRST_WINDOW = 16 * 2 ** 10
const GROWTH = 8

/** Reads pickles and numbers of a part of a file in sequence, in growing windows, as a pickle's length is unknown. */
export class PickleStream {
  #window: Uint8Array = new Uint8Array(0)
  #windowStart = 0

  /** @param position the current offset from the start of the file. */
  constructor(
    private readonly source: ByteSource,
    public position = 0,
    private readonly end = source.size
  ) {}

  /** The host may be called repeatedly, for larger windows. @throws Fault when the pickle is invalid or too long. */
  async unpickle(host: PickleHost): Promise<unknown> {
    for (let length = FIRST_WINDOW; ; length = Math.min(length * GROWTH, MAX_PICKLE_BYTES)) {
      try {
        const { value, end } = unpickle(this.#window, host, this.position - this.#windowStart)
        this.position = this.#windowStart + end
        return value
      } catch (error) {
        if (!(error instanceof PickleEndsEarly)) throw error
        const rest = this.end - this.position
        if (this.#windowStart === this.position && this.#window.length >= rest) throw error
        if (this.#windowStart === this.position && this.#window.length >= MAX_PICKLE_BYTES) {
          throw new Fault(`its pickle is longer than ${MAX_PICKLE_BYTES} bytes`)
        }
        await this.#fill(Math.min(length, rest))
      }
    }
  }

  async bytes(length: number): Promise<Uint8Array> {
    this.#assertRest(length)
    const isHeld =
      this.position >= this.#windowStart && this.position + length <= this.#windowStart + this.#window.length
    if (!isHeld) await this.#fill(Math.min(Math.max(length, FIRST_WINDOW), this.end - this.position))
    const start = this.position - this.#windowStart
    this.position += length
    return this.#window.subarray(start, start + length)
  }

  skip(length: number): void {
    this.#assertRest(length)
    this.position += length
  }

  #assertRest(length: number): void {
    if (!(length >= 0 && this.position + length <= this.end)) {
      throw new Fault(
        `is truncated: it needs ${length} bytes at byte ${this.position} and ends at ${this.end}`
      )
    }
  }

  async #fill(length: number): Promise<void> {
    this.#window = await this.source.read(this.position, length)
    this.#windowStart = this.position
  }
}
