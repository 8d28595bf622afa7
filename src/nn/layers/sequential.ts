// Modules one after the other (torch: `nn.Sequential`).
import type { Value } from '../../ir/ops.js'
import { Module } from '../module.js'

/**
 * Feeds each module's output to the next. Children are named `0`, `1`, …, or by the keys of an object.
 *
 * @example
 * const trunk = new Sequential(...[...resnet18().children()].slice(0, -2)) // a network without its head, weights included
 * const classifier = vgg11_bn().classifier.slice(0, -1) // without its last layer
 */
export class Sequential extends Module {
  readonly #layers: ReadonlyMap<string, Module>

  constructor(...layers: readonly Module[] | readonly [Readonly<Record<string, Module>>]) {
    super()
    const [first] = layers
    const entries =
      first === undefined || first instanceof Module ? Object.entries(layers) : Object.entries(first)
    this.#layers = new Map(entries.filter((entry): entry is [string, Module] => entry[1] instanceof Module))
  }

  /** How many modules there are. */
  get length(): number {
    return this.#layers.size
  }

  /** The i-th module; negative counts from the end. */
  at(index: number): Module | undefined {
    return [...this.#layers.values()].at(index)
  }

  /**
   * Some of the modules as a sequence of their own, names and weights included (torch: `seq[from:to]`); negative
   * indices count from the end.
   */
  slice(from?: number, to?: number): Sequential {
    const part = new Sequential(Object.fromEntries([...this.#layers].slice(from, to)))
    part.training = this.training
    return part
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.#layers.values()
  }

  override *namedChildren(): Generator<readonly [string, Module]> {
    yield* this.#layers
  }

  forward(x: Value): Value {
    let value = x
    for (const layer of this) value = layer.forward(value)
    return value
  }
}
