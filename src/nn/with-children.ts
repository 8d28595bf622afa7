// A module once more, with other modules inside: the same class, the same parameters, the same modes.
import type { Value } from '../ir/ops.js'
import { ModuleContainer, ModuleDict, ModuleList } from './layers/containers.js'
import { Sequential } from './layers/sequential.js'
import { Module } from './module.js'

/**
 * A shallow copy of a module in which some of its children are others; the module itself where none is. The copy shares
 * everything else with it. A class with private (`#`) fields of its own cannot be copied like this; containers can.
 * @param replace gives what stands in a child's place.
 */
export function withChildren<M extends Module>(module: M, replace: (child: Module) => Module): M {
  const children = Array.from(module.namedChildren(), ([name, child]) => ({
    name,
    child,
    now: replace(child)
  }))
  if (children.every(({ child, now }) => child === now)) return module
  if (module instanceof ModuleContainer) {
    return containerLike(
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

/** A container of a kind with another, in the same mode, that holds other modules. Numbered ones are numbered anew. */
export function containerLike<C extends ModuleContainer>(
  module: C,
  layers: readonly (readonly [string, Module])[]
): C {
  const modules = layers.map(([, layer]) => layer)
  const named = Object.fromEntries(layers)
  const copy =
    module instanceof ModuleDict
      ? new ModuleDict(named)
      : module instanceof ModuleList
        ? new ModuleList(modules)
        : isNumbered(module)
          ? new Sequential(...modules)
          : new Sequential(named)
  // Here, too: the layers are private.
  Object.setPrototypeOf(copy, Object.getPrototypeOf(module) as object)
  return Object.assign<ModuleContainer, C>(copy, module)
}

/** Whether the modules of a container are called 0, 1, 2, … */
export function isNumbered(module: ModuleContainer): boolean {
  return Array.from(module.namedChildren(), ([name]) => name).every((name, index) => name === String(index))
}
