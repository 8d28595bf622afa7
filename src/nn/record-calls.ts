// Watching a forward pass: while it runs, modules' `forward` is wrapped to learn which values are whose.
import { Value, valuesCreated } from '../ir/ops.js'
import { ResnetError, ShapeError } from '../base/errors.js'
import type { Module } from './module.js'

/** One call of a module's `forward`: the values made during it have ids in `[from, to)`. */
export interface Call {
  /** The module's dotted name; `''` for the network itself. */
  readonly path: string
  readonly module: Module
  readonly from: number
  readonly to: number
  readonly result: Value
}

/** Runs something with every module's `forward` wrapped; calls are listed in the order they began. */
export function recordCalls<R>(root: Module, run: () => R): { readonly calls: Call[]; readonly result: R } {
  const calls: (Call | undefined)[] = []
  const restore = Array.from(root.namedModules(), ([path, module]) =>
    wrapForward(module, forward => x => {
      const place = calls.push(undefined) - 1
      const from = valuesCreated()
      const result = withPath(path, () => forward(x))
      assertValue(result, path === '' ? module.typeName : path)
      calls[place] = { path, module, from, to: valuesCreated(), result }
      return result
    })
  )
  try {
    const result = run()
    return { calls: calls.filter(call => call !== undefined), result }
  } finally {
    for (const undo of restore) undo()
  }
}

/** What a user's `forward` gives is whatever they wrote. */
function assertValue(result: unknown, name: string): void {
  if (result instanceof Value) return
  const found = result instanceof Promise ? 'a promise' : Array.isArray(result) ? 'an array' : typeof result
  throw new ResnetError(`${name}: forward should return a Value, and gave ${found}`)
}

type Forward = Module['forward']

/** Puts something around a module's `forward`, until the function that is returned takes it away again. */
export function wrapForward(module: Module, around: (forward: Forward) => Forward): () => void {
  const original = Object.getOwnPropertyDescriptor(module, 'forward')
  const value = around(module.forward.bind(module))
  Object.defineProperty(module, 'forward', { value, configurable: true })
  return () => {
    if (original) Object.defineProperty(module, 'forward', original)
    else Reflect.deleteProperty(module, 'forward')
  }
}

/** Adds the innermost module's path to a shape error passing by. */
function withPath<R>(path: string, run: () => R): R {
  try {
    return run()
  } catch (error) {
    const isBare = error instanceof ShapeError && !(error instanceof ModuleShapeError)
    if (!isBare || path === '') throw error
    throw new ModuleShapeError(`${path}: ${error.message}`)
  }
}

class ModuleShapeError extends ShapeError {
  override get name(): string {
    return 'ShapeError'
  }
}
