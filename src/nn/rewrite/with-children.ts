// Shallow copies of modules with some children replaced: the same class, parameters and modes.
import { ResnetError } from '../../base/errors.js'
import type { Value } from '../../ir/ops.js'
import { ModuleContainer, Sequential } from '../layers/containers.js'
import { Identity } from '../layers/shaping.js'
import { Module } from '../module/module.js'

/**
 * A shallow copy of a module with some children replaced; the module itself if none is. Everything else is shared.
 * @param replace returns the replacement of a child.
 * @throws ResnetError for a class with `#private` fields, and for a `forward` that is a field.
 */
export function withChildren<M extends Module>(module: M, replace: (child: Module) => Module): M {
  const before = [...module.namedChildren()]
  const after = before.map(([name, child]) => [name, replace(child)] as const)
  if (before.every(([, child], place) => child === after[place][1])) return module
  if (module instanceof ModuleContainer) return containerLike(module, after)
  return copyWith(module, Object.fromEntries(after))
}

/** A shallow copy of a module with some fields changed. @throws as `withChildren`. */
export function copyWith<M extends Module>(module: M, fields: Readonly<Record<string, unknown>>): M {
  assertCopyable(module, Module)
  // `Module`'s private members need its constructor; the subclass is set by its prototype.
  const copy = Object.setPrototypeOf(new Identity(), Object.getPrototypeOf(module) as object) as M
  return Object.assign(copy, module, fields)
}

class BlankContainer extends ModuleContainer {
  forward(x: Value): Value {
    return x
  }
}

/** @param base the class that a copy is constructed with; those that extend it have no constructor run. */
function assertCopyable(module: Module, base: typeof Module | typeof ModuleContainer): void {
  if (Object.hasOwn(module, 'forward')) {
    throw new ResnetError(
      `${module.typeName} cannot be copied: its forward is a field, which uses the layers it was made with; make it a method`
    )
  }
  for (let each: unknown = module.constructor; each !== base; each = Object.getPrototypeOf(each)) {
    if (!/this\.#|classPrivate/u.test(String(each))) continue
    throw new ResnetError(
      `${module.typeName} cannot be copied: it has #private fields, which a copy would lack; make them public fields`
    )
  }
}

/** A container of the same kind and mode with other modules; numbered ones are renumbered. */
export function containerLike<C extends ModuleContainer>(
  module: C,
  layers: readonly (readonly [string, Module])[]
): C {
  assertCopyable(module, ModuleContainer)
  const entries = isNumbered(module) ? Object.entries(layers.map(([, layer]) => layer)) : layers
  const copy: ModuleContainer = new BlankContainer(module.typeName, entries)
  Object.setPrototypeOf(copy, Object.getPrototypeOf(module) as object)
  return Object.assign<ModuleContainer, C>(copy, module)
}

export function isNumbered(module: ModuleContainer): boolean {
  return Array.from(module.namedChildren(), ([name]) => name).every((name, index) => name === String(index))
}

/** Whether a module does no more than call its layers in their order: a subclass of `Sequential` may have its own `forward`. */
export function isChain(module: Module): module is Sequential {
  return module instanceof Sequential && module.forward === Sequential.prototype.forward
}
