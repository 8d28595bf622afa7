// Records a forward pass: which values each call of a module created, under the module's path.
import { ResnetError, ShapeError } from '../base/errors.js'
import { valuesCreated, type Value } from '../ir/ops.js'
import { CallError, observeCalls, type Callee } from './call.js'
import type { Module } from './module.js'
import { assertCalled } from './registered.js'

/** One call of a module: the values made during it have ids in `[from, to)`. */
export interface ModuleCall {
  /** The module's dotted name; `''` for the network itself. */
  readonly path: string
  readonly module: Module
  readonly from: number
  readonly to: number
  readonly result: Value
}

/**
 * Runs a function and lists the calls of a network's modules in the order they began.
 * @throws ResnetError when it calls a module that the network does not own.
 */
export function recordCalls<R>(
  root: Module,
  run: () => R
): { readonly calls: ModuleCall[]; readonly result: R } {
  const known = new Map<Callee, { readonly path: string; readonly module: Module }>()
  for (const [path, module] of root.namedModules()) known.set(module, { path, module })
  const calls: (ModuleCall | undefined)[] = []
  let caller = ''
  const result = observeCalls((callee, _, proceed) => {
    const found = known.get(callee)
    if (!found) {
      assertCalled(root, callee, caller)
      return proceed()
    }
    const [outer, from] = [caller, valuesCreated()]
    const place = calls.push(undefined) - 1
    caller = found.path
    const value = withPath(found.path, proceed)
    caller = outer
    calls[place] = { ...found, from, to: valuesCreated(), result: value }
    return value
  }, run)
  return { calls: calls.filter(call => call !== undefined), result }
}

/** Adds the innermost module's path to shape and call errors. */
function withPath<R>(path: string, run: () => R): R {
  try {
    return run()
  } catch (error) {
    if (path === '' || located.has(error as object)) throw error
    throw locate(path, error)
  }
}

const located = new WeakSet<object>()

function locate(path: string, error: unknown): unknown {
  const found =
    error instanceof CallError
      ? new CallError(path, error.fault)
      : error instanceof ShapeError
        ? new ShapeError(`${path}: ${error.message}`)
        : undefined
  if (!(found instanceof ResnetError)) return error
  located.add(found)
  return found
}
