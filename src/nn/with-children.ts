// A module once more, with other modules inside: the same class, the same parameters, the same modes.
import type { Value } from '../ir/ops.js'
import { Sequential } from './layers/sequential.js'
import { Module } from './module.js'

/**
 * A shallow copy of a module in which some of its children are others; the module itself where none is. The copy shares
 * everything else with it. A class with private (`#`) fields of its own cannot be copied like this; `Sequential` can.
 * @param replace gives what stands in a child's place.
 */
export function withChildren<M extends Module>(module: M, replace: (child: Module) => Module): M {
  const children = Array.from(module.namedChildren(), ([name, child]) => ({
    name,
    child,
    now: replace(child)
  }))
  if (children.every(({ child, now }) => child === now)) return module
  if (module instanceof Sequential) {
    return sequenceLike(
      module,
      children.map(({ name, now }) => [name, now])
    )
  }
  return copyWith(module, Object.fromEntries(children.map(({ name, now }) => [name, now])))
}

/** A shallow copy of a module with other values in some of its fields. */
export function copyWith<M extends Module>(module: M, fields: Readonly<Record<string, unknown>>): M {
  // Only a constructor makes what is private to `Module`; a subclass is one by its prototype.
  const copy: Module = new Blank()
  Object.setPrototypeOf(copy, Object.getPrototypeOf(module) as object)
  return Object.assign<Module, M, typeof fields>(copy, module, fields)
}

class Blank extends Module {
  forward(x: Value): Value {
    return x
  }
}

/** A sequence of a kind with another, in the same mode. Numbered layers are numbered anew. */
export function sequenceLike<S extends Sequential>(
  module: S,
  layers: readonly (readonly [string, Module])[]
): S {
  const copy = isNumbered(module)
    ? new Sequential(...layers.map(([, layer]) => layer))
    : new Sequential(Object.fromEntries(layers))
  // Here, too: the layers are private.
  Object.setPrototypeOf(copy, Object.getPrototypeOf(module) as object)
  return Object.assign<Sequential, S>(copy, module)
}

/** Whether the layers of a sequence are called 0, 1, 2, … */
export function isNumbered(module: Sequential): boolean {
  return Array.from(module.namedChildren(), ([name]) => name).every((name, index) => name === String(index))
}
