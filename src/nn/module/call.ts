// Calling a module like a function. Every call passes through here: its input and result are checked, and observers of the
// forward pass (tracing, feature extraction) are notified.
import { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'

/** The part of a module that calling needs. */
export interface Callee {
  readonly typeName: string
  forward(x: Value): Value
}

/** Observes a call: `proceed` computes its result. */
export type CallObserver = (callee: Callee, x: Value, proceed: () => Value) => Value

/** A call that is invalid or did not return a value; the recorder of a pass adds the module's path. */
export class CallError extends ResnetError {
  readonly fault: string

  constructor(path: string, fault: string) {
    super(`${path}: ${fault}`)
    this.fault = fault
  }

  override get name(): string {
    return 'ResnetError'
  }
}

/** How deep modules may be nested: every level takes some of the stack. */
export const MAX_DEPTH = 500

export const TOO_DEEP = `modules are nested more than ${MAX_DEPTH} deep; put layers beside each other in one Sequential`

const observers: CallObserver[] = []
const instances = new WeakSet<object>()
const madeInForward = new WeakSet<object>()
let depth = 0

/** Runs a function while an observer is notified of every call of a module; earlier observers wrap later ones. */
export function observeCalls<R>(observer: CallObserver, run: () => R): R {
  observers.push(observer)
  try {
    return run()
  } finally {
    observers.pop()
  }
}

export function unobserved<R>(run: () => R): R {
  const outer = observers.splice(0)
  try {
    return run()
  } finally {
    observers.push(...outer)
  }
}

/** The base of `Module`: an instance is a function that calls its own `forward`. */
export const Callable = function Callable(): object {
  const self = (...inputs: readonly unknown[]): Value => call(self as unknown as Callee, inputs)
  // A function's own `name` and `length` would hide module fields of these names.
  Reflect.deleteProperty(self, 'name')
  Reflect.deleteProperty(self, 'length')
  instances.add(self)
  if (observers.length > 0) madeInForward.add(self)
  return Object.setPrototypeOf(self, new.target?.prototype as object) as object
} as unknown as abstract new () => (x: Value) => Value

/** Whether something is a module itself: a `Proxy` of one is not, and lacks its private members. */
export function isInstance(module: object): boolean {
  return instances.has(module)
}

/** Whether a module was constructed inside an observed call of another. */
export function isMadeInForward(module: object): boolean {
  return madeInForward.has(module)
}

function call(callee: Callee, inputs: readonly unknown[]): Value {
  const x = soleInput(callee, inputs)
  let proceed = (): Value => resultOf(callee, callee.forward(x))
  for (const observer of observers) {
    const inner = proceed
    proceed = () => observer(callee, x, inner)
  }
  if (depth === MAX_DEPTH) throw new ResnetError(`${callee.typeName}: ${TOO_DEEP}`)
  depth++
  try {
    return proceed()
  } finally {
    depth--
  }
}

function soleInput(callee: Callee, inputs: readonly unknown[]): Value {
  if (typeof callee.forward !== 'function') throw new CallError(callee.typeName, 'has no forward(x)')
  const declared = declaredInputs(callee.forward)
  if (declared !== 1) {
    throw new CallError(callee.typeName, `forward takes ${declared} values; a module's forward takes one`)
  }
  const [x] = inputs
  if (inputs.length === 1 && x instanceof Value) return x
  const given = inputs.length === 1 ? describe(x) : `${inputs.length} arguments`
  const advice = isNumbers(x) ? '; `compile` makes a function of the network that takes tensors' : ''
  throw new CallError(callee.typeName, `expected one Value, got ${given}${advice}`)
}

/** The number of parameters a `forward` declares; rest and optional parameters count as one. */
function declaredInputs(forward: Callee['forward']): number {
  if (forward.length !== 0) return forward.length
  return /^[^(]*\(\s*\)/u.test(Function.prototype.toString.call(forward)) ? 0 : 1
}

function resultOf({ typeName }: Callee, result: unknown): Value {
  if (result instanceof Value) return result
  throw new CallError(typeName, `forward should return a Value, but returned ${describe(result)}`)
}

function describe(given: unknown): string {
  if (given === undefined || given === null) return String(given)
  if (given instanceof Promise) return 'a promise'
  if (Array.isArray(given)) return 'an array'
  if (typeof given !== 'object') return `a ${typeof given}`
  const prototype: unknown = Object.getPrototypeOf(given)
  return prototype === null || prototype === Object.prototype ? 'an object' : `a ${given.constructor.name}`
}

function isNumbers(given: unknown): boolean {
  return Array.isArray(given) || ArrayBuffer.isView(given) || (given instanceof Object && 'data' in given)
}
