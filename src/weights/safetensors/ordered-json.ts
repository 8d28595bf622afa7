// A strict JSON parser for safetensors headers: keeps order, rejects duplicate keys, limits depth; objects become Maps.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'

export type Json = string | number | readonly Json[] | Map<string, Json>

const MAX_DEPTH = 4
// Ten times the tensors of the deepest residual networks, each of which takes three; more would cost seconds and
// hundreds of megabytes for a small file.
const MAX_TENSORS = 32_768
const MAX_CONTAINERS = 3 * MAX_TENSORS + 2
const MAX_MEMBERS = MAX_TENSORS + 1
// Far more dimensions than any shape has.
const MAX_ITEMS = 1024
const SPACE = /[ \t\n\r]*/y
// No number begins with a zero that counts for nothing, and none of these is a negative zero.
const TOKEN = /[{}[\]:,]|(?:0|-?[1-9]\d*)(?!\d)/y
const QUOTE = '"'.charCodeAt(0)
const BACKSLASH = '\\'.charCodeAt(0)

/** @throws Fault for anything but strings, integers, arrays and objects. */
export function parseOrderedJson(text: string): Json {
  const parser = new Parser(text)
  const value = parser.value(0)
  parser.end()
  return value
}

class Parser {
  #position = 0
  #containers = 0

  constructor(private readonly text: string) {}

  value(depth: number): Json {
    const token = this.#next()
    if (depth === MAX_DEPTH) throw this.#fault('is nested too deeply')
    if (token === '{' || token === '[') {
      if (++this.#containers > MAX_CONTAINERS)
        throw this.#fault(`has more than ${MAX_CONTAINERS} arrays and objects, as no file of weights has`)
      return token === '{' ? this.#object(depth) : this.#array(depth)
    }
    if (token.startsWith('"')) return this.#string(token)
    if (!/^-?\d/.test(token)) throw this.#fault(`has an unexpected ${quote(token)}`)
    return Number(token)
  }

  end(): void {
    if (this.text.slice(this.#position).trim() !== '') throw this.#fault('has text after its end')
  }

  #object(depth: number): Map<string, Json> {
    const entries = new Map<string, Json>()
    if (this.#skip('}')) return entries
    do {
      const key = this.#string(this.#next())
      if (!this.#skip(':')) throw this.#fault('lacks a colon')
      if (entries.has(key)) throw this.#fault(`has the key ${quote(key)} twice`)
      if (entries.size === MAX_MEMBERS)
        throw this.#fault(`has more than ${MAX_MEMBERS} members in one object, as no file of weights has`)
      entries.set(key, this.value(depth + 1))
    } while (this.#skip(','))
    if (!this.#skip('}')) throw this.#fault('has an object without an end')
    return entries
  }

  #array(depth: number): Json[] {
    const items: Json[] = []
    if (this.#skip(']')) return items
    do {
      if (items.length === MAX_ITEMS) throw this.#fault(`has more than ${MAX_ITEMS} items in one array`)
      items.push(this.value(depth + 1))
    } while (this.#skip(','))
    if (!this.#skip(']')) throw this.#fault('has an array without an end')
    return items
  }

  #string(token: string): string {
    try {
      const value: unknown = JSON.parse(token)
      if (typeof value === 'string') return value
    } catch {
      // Reported below in our own words.
    }
    throw this.#fault(`has ${quote(token)} where a string was expected`)
  }

  #next(): string {
    SPACE.lastIndex = this.#position
    SPACE.exec(this.text)
    const start = SPACE.lastIndex
    this.#position = this.text.charCodeAt(start) === QUOTE ? this.#stringEnd(start) : this.#tokenEnd(start)
    return this.text.slice(start, this.#position)
  }

  #tokenEnd(start: number): number {
    TOKEN.lastIndex = start
    if (TOKEN.test(this.text)) return TOKEN.lastIndex
    throw this.#fault('is not the JSON that was expected')
  }

  #stringEnd(start: number): number {
    let at = start + 1
    while (at < this.text.length) {
      const code = this.text.charCodeAt(at)
      if (code === QUOTE) return at + 1
      at += code === BACKSLASH ? 2 : 1
    }
    throw this.#fault('has a string without an end')
  }

  #skip(punctuation: string): boolean {
    const before = this.#position
    if (this.#next() === punctuation) return true
    this.#position = before
    return false
  }

  #fault(fault: string): Fault {
    return new Fault(`its header ${fault}, at character ${this.#position}`)
  }
}
