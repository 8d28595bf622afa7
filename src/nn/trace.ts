// Tracing: run a module's `forward` once on a symbolic value and collect the graph it builds.
// While it runs, each module's `forward` is wrapped to learn which values are its own and what it returns.
import { collectGraph, type Graph, type Output } from '../ir/graph.js'
import { input } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { valuesCreated, type StateHolder } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import { ResnetError, ShapeError } from '../tensor/errors.js'
import { collectEffects, type Effects } from './effects.js'
import type { Module } from './module.js'
import { namedHolders } from './named-holders.js'

/** The name of a traced network's input. */
export const INPUT_NAME = 'x'
/** The name of a traced network's own output. */
export const OUTPUT_NAME = 'logits'

/** One call of a module's `forward`: the values made during it have ids in `[from, to)`. */
export interface Call {
  /** The module's dotted name; `''` for the network itself. */
  readonly path: string
  readonly module: Module
  readonly from: number
  readonly to: number
  readonly result: Value
}

/** A graph, and what each module returned in it. */
export interface Trace {
  readonly graph: Graph
  /** Every call of a module in the order they began, so parents first; a module used twice appears twice. */
  readonly calls: readonly Call[]
}

/** An `outputs` entry that names no module, or one that did not run. */
export class OutputError extends ResnetError {}

/**
 * Traces a network in evaluation mode, whatever mode it is in, and leaves its mode as it was.
 *
 * @param shape the input's shape, such as `['N', 3, 224, 224]`.
 * @param outputs names of inner modules whose results become outputs too; a module that runs more than once gives its last.
 * @throws ShapeError that names the module, the op and the shapes.
 * @throws OutputError when an output's name is not a module's.
 */
export function trace(module: Module, shape: Shape, outputs: readonly string[] = []): Trace {
  const x = input(INPUT_NAME, shape)
  const { calls, result } = inEvaluation(module, () => recordCalls(module, () => module.forward(x)))
  const named = outputs.map((name): Output => {
    const value = name === '' ? undefined : calls.findLast(call => call.path === name)?.result
    if (!value) throw new OutputError(unknownOutput(module, name))
    return { name, value }
  })
  const names = namesFor(module, calls)
  return {
    graph: collectGraph([x], [{ name: OUTPUT_NAME, value: result }, ...named], names),
    calls
  }
}

/** A network's pass over one batch in the modes its modules are in, and what it does beside its result. */
export interface TrainingTrace {
  readonly input: Value
  readonly output: Value
  readonly effects: Effects
  /** Names for the values of the pass. */
  readonly nameOf: (value: Value) => string | undefined
}

/**
 * Traces a network as its modules' modes say: `net.train()` before, and `eval()` on what is frozen.
 * @param shape the input's, its batch a number: statistics over a batch need to know how large it is.
 * @throws ShapeError that names the module, the op and the shapes.
 */
export function traceTraining(module: Module, shape: Shape): TrainingTrace {
  const x = input(INPUT_NAME, shape)
  const { result, effects } = collectEffects(() => recordCalls(module, () => module.forward(x)))
  return { input: x, output: result.result, effects, nameOf: namesFor(module, result.calls) }
}

function unknownOutput(module: Module, name: string): string {
  const known = [...module.namedModules()].map(([path]) => path).filter(path => path !== '')
  if (known.includes(name)) return `outputs: ${name} is never called by ${module.typeName}`
  const top = known.filter(path => !path.includes('.')).join(', ')
  return `outputs: ${module.typeName} has no module named '${name}'; it has ${top}, and their inner modules (such as ${known.at(-2) ?? known.at(-1) ?? 'none'})`
}

/** Runs something with a module in evaluation mode, and leaves its modes as they were. */
export function inEvaluation<R>(module: Module, run: () => R): R {
  const modes = [...module.modules()].map(each => [each, each.training] as const)
  module.eval()
  try {
    return run()
  } finally {
    for (const [each, training] of modes) each.training = training
  }
}

/** Wraps every module's `forward` for the duration of `run`; calls are listed in the order they began. */
function recordCalls(root: Module, run: () => Value): { calls: Call[]; result: Value } {
  const calls: (Call | undefined)[] = []
  const restore: (() => void)[] = []
  for (const [path, module] of root.namedModules()) {
    const original = Object.getOwnPropertyDescriptor(module, 'forward')
    const forward = module.forward.bind(module)
    const recording = (x: Value): Value => {
      const place = calls.push(undefined) - 1
      const from = valuesCreated()
      const result = withPath(path, () => forward(x))
      calls[place] = { path, module, from, to: valuesCreated(), result }
      return result
    }
    Object.defineProperty(module, 'forward', { value: recording, configurable: true })
    restore.push(() => {
      if (original) Object.defineProperty(module, 'forward', original)
      else Reflect.deleteProperty(module, 'forward')
    })
  }
  try {
    const result = run()
    return { calls: calls.filter(call => call !== undefined), result }
  } finally {
    for (const undo of restore) undo()
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

/** Parameters are called by their path, computed values after the innermost module that made them: `layer1.0.conv1/conv2d`. */
function namesFor(module: Module, calls: readonly Call[]): (value: Value) => string | undefined {
  const holders = new Map<StateHolder, string>()
  for (const [name, holder] of namedHolders(module)) holders.set(holder, name)
  const makers = innermostCalls(calls)
  return ({ id, origin }) => {
    if (origin.kind === 'state') return holders.get(origin.holder)
    const scope = makers.get(id)?.path
    if (origin.kind === 'input' || scope === undefined || scope === '') return undefined
    return `${scope}/${origin.kind === 'node' ? origin.op : origin.kind}`
  }
}

/** The innermost call that made each value, by the value's id. */
export function innermostCalls(calls: readonly Call[]): ReadonlyMap<number, Call> {
  const innermost = new Map<number, Call>()
  // Calls nest and are listed parents first, so a later one that covers an id is a deeper one.
  for (const call of calls) for (let id = call.from; id < call.to; id++) innermost.set(id, call)
  return innermost
}
