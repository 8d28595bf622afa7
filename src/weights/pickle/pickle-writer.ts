// Writes state dicts with the protocol 2 opcodes that `weights_only=True` accepts. Source: CPython's pickletools.

/** Appends opcodes; `bytes()` is the pickle. */
export class PickleWriter {
  #bytes = new Uint8Array(4096)
  #length = 0

  constructor() {
    this.#write([0x80, 2])
  }

  /** Pushes a class or function by name. */
  global(module: string, name: string): this {
    return this.#write([0x63]).#write(new TextEncoder().encode(`${module}\n${name}\n`))
  }

  string(text: string): this {
    const encoded = new TextEncoder().encode(text)
    return this.#write([0x58]).#little(encoded.length, 4).#write(encoded)
  }

  /** Pushes a non-negative integer. */
  integer(value: number): this {
    if (value < 2 ** 8) return this.#write([0x4b, value])
    if (value < 2 ** 16) return this.#write([0x4d]).#little(value, 2)
    if (value < 2 ** 31) return this.#write([0x4a]).#little(value, 4)
    return this.#write([0x8a, 8]).#little(value, 8)
  }

  integers(values: readonly number[]): this {
    return this.tuple(() => values.forEach(value => this.integer(value)))
  }

  false(): this {
    return this.#write([0x89])
  }

  /** Pushes a tuple of what `items` writes. */
  tuple(items: () => void): this {
    this.#write([0x28])
    items()
    return this.#write([0x74])
  }

  emptyTuple(): this {
    return this.#write([0x29])
  }

  /** Calls the function below the tuple on top. */
  reduce(): this {
    return this.#write([0x52])
  }

  /** Adds what `items` writes, alternating keys and values, to the dict on top. */
  setItems(items: () => void): this {
    this.#write([0x28])
    items()
    return this.#write([0x75])
  }

  /** Replaces an id by the object stored outside of the pickle. */
  persistent(): this {
    return this.#write([0x51])
  }

  /** Ends the pickle. */
  bytes(): Uint8Array {
    this.#write([0x2e])
    return this.#bytes.slice(0, this.#length)
  }

  #little(value: number, size: number): this {
    const bytes = new Uint8Array(size)
    for (let i = 0, rest = value; i < size; i++, rest = Math.floor(rest / 256)) bytes[i] = rest % 256
    return this.#write(bytes)
  }

  #write(bytes: ArrayLike<number>): this {
    const needed = this.#length + bytes.length
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#length)
    this.#length = needed
    return this
  }
}
