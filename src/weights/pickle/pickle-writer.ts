// Writes state dicts with the protocol 2 opcodes that `weights_only=True` accepts. Source: CPython's pickletools.
import { ByteWriter } from '../bytes.js'

/** Appends opcodes; `end()` gives the pickle. */
export class PickleWriter extends ByteWriter {
  constructor() {
    super()
    this.append([0x80, 2])
  }

  /** Pushes a class or function by name. */
  global(module: string, name: string): this {
    return this.append([0x63]).append(new TextEncoder().encode(`${module}\n${name}\n`))
  }

  string(text: string): this {
    const encoded = new TextEncoder().encode(text)
    return this.append([0x58]).uints(4, encoded.length).append(encoded)
  }

  /** Pushes a non-negative integer. */
  integer(value: number): this {
    if (value < 2 ** 8) return this.append([0x4b, value])
    if (value < 2 ** 16) return this.append([0x4d]).uints(2, value)
    if (value < 2 ** 31) return this.append([0x4a]).uints(4, value)
    return this.append([0x8a, 8]).uints(8, value)
  }

  integers(values: readonly number[]): this {
    return this.tuple(() => values.forEach(value => this.integer(value)))
  }

  false(): this {
    return this.append([0x89])
  }

  /** Pushes a tuple of what `items` writes. */
  tuple(items: () => void): this {
    this.append([0x28])
    items()
    return this.append([0x74])
  }

  emptyTuple(): this {
    return this.append([0x29])
  }

  /** Calls the function below the tuple on top. */
  reduce(): this {
    return this.append([0x52])
  }

  /** Adds what `items` writes, alternating keys and values, to the dict on top. */
  setItems(items: () => void): this {
    this.append([0x28])
    items()
    return this.append([0x75])
  }

  /** Replaces an id by the object stored outside of the pickle. */
  persistent(): this {
    return this.append([0x51])
  }

  /** Ends the pickle. */
  end(): Uint8Array {
    return this.append([0x2e]).toBytes()
  }
}
