// Shallow copies of modules with some children replaced: the same class, parameters and modes.
import type { Value } from '../ir/ops.js'
import { ModuleContainer, ModuleDict, ModuleList, Sequential } from './layers/containers.js'
import { Module } from './module.js'

/**
 * A shallow copy of a module with some children replaced; the module itself if none is. Everything else is shared. A
 * class with private (`#`) fields cannot be copied; containers can.
 * @param replace returns the replacement of a child.
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

/** A shallow copy of a module with some fields changed. */
export function copyWith<M extends Module>(module: M, fields: Readonly<Record<string, unknown>>): M {
  // `Module`'s private members need its constructor; the subclass is set by its prototype.
  const copy: Module = new Blank()
  Object.setPrototypeOf(copy, Object.getPrototypeOf(module) as object)
  return Object.assign<Module, M, typeof fields>(copy, module, fields)
}

class Blank extends Module {
  forward(x: Value): Value {
    return x
  }
}

/** A container of the same kind and mode with other modules; numbered ones are renumbered. */
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
  // As above: a container's modules are private.
  Object.setPrototypeOf(copy, Object.getPrototypeOf(module) as object)
  return Object.assign<ModuleContainer, C>(copy, module)
}

export function isNumbered(module: ModuleContainer): boolean {
  return Array.from(module.namedChildren(), ([name]) => name).every((name, index) => name === String(index))
}
