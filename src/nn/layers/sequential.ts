// Modules one after the other (torch: `nn.Sequential`).
import type { Value } from '../../ir/ops.js'
import type { Module } from '../module.js'
import { ModuleContainer } from './containers.js'

/**
 * Chains modules. Children are named `0`, `1`, …, or by the keys of an object.
 *
 * @example
 * const trunk = new Sequential(...[...resnet18().children()].slice(0, -2)) // a network without its head, weights included
 * const classifier = vgg11_bn().classifier.slice(0, -1) // without its last layer
 */
export class Sequential extends ModuleContainer {
  /** @throws ResnetError for a value that is not a module. */
  constructor(...layers: readonly Module[] | readonly [Readonly<Record<string, Module>>]) {
    const [first] = layers
    const isObject = typeof first === 'object' && Object.getPrototypeOf(first) === Object.prototype
    super('Sequential', Object.entries(isObject ? first : layers))
  }

  /** A sequence of some of the modules with shared weights (torch: `seq[from:to]`); negatives count from the end. */
  slice(from?: number, to?: number): Sequential {
    const part = new Sequential(Object.fromEntries([...this.namedChildren()].slice(from, to)))
    part.training = this.training
    return part
  }

  forward(x: Value): Value {
    let value = x
    for (const layer of this) value = layer(value)
    return value
  }
}
