// Tracing: run a module's `forward` once on a symbolic value and collect the graph it builds.
import { checkArguments } from '../../base/options.js'
import { collectGraph, type Graph, type GraphOutput } from '../../ir/graph.js'
import { graphInput } from '../../ir/operand.js'
import { valuesCreated, type StateHolder, type Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import { ShapeError } from '../../base/errors.js'
import { formatShape } from '../../tensor/tensor.js'
import { aNetwork, anInputShape } from '../module/check-network.js'
import { CallError, observeCalls, type Callee } from '../module/call.js'
import { collectEffects, type Effects } from './effects.js'
import { FeatureExtractor } from './feature-extractor.js'
import type { Module } from '../module/module.js'
import { namedHolders } from '../module/module.js'
import { CallNames, missingCall, nameTaken } from './output-names.js'
import { assertCalled, assertStateRegistered } from '../module/registered.js'

export const INPUT_NAME = 'x'
export const OUTPUT_NAME = 'logits'

/** One call of a module: the values made during it have ids in `[from, to)`. */
export interface ModuleCall {
  /** The module's dotted name; `''` for the network itself. */
  readonly path: string
  /** The name of its result: the path, and `relu_1` for a module's second call, as in torchvision. */
  readonly name: string
  readonly module: Module
  readonly from: number
  readonly to: number
  readonly result: Value
}

export interface Trace {
  readonly graph: Graph
  /** Every module call, parents first; a module used twice appears twice. */
  readonly calls: readonly ModuleCall[]
}

export interface EvaluationTrace extends Pick<Trace, 'calls'> {
  readonly input: Value
  readonly output: Value
  /** A `FeatureExtractor`'s features under their names; any other network's output, called `logits`. */
  readonly results: readonly GraphOutput[]
  /**
   * What a module returned; `relu` is its first result and `relu_1` its second.
   * @throws OutputError when no module of that name ran.
   */
  readonly resultOf: (name: string) => Value
  readonly nameOf: (value: Value) => string | undefined
}

/**
 * Traces a network in evaluation mode and restores its mode. Module names may equal names of inputs and outputs.
 * @param shape the input's shape, such as `['N', 3, 224, 224]`.
 * @throws ShapeError that names the module, the op and the shapes.
 */
export function traceEvaluation(module: Module, shape: Shape): EvaluationTrace {
  const x = inputOf(module, shape)
  const { calls, result: results } = expectingBatch(module, shape, () =>
    inEvaluation(module, () => recordCalls(module, () => resultsOf(module, x)))
  )
  const values = results.map(({ value }) => value)
  assertStateRegistered(module, values)
  return {
    input: x,
    // The last of the features is what an extractor's `forward` returns.
    output: values[values.length - 1],
    results,
    calls,
    resultOf: name => resultNamed(name, module, calls),
    nameOf: namesFor(module, calls)
  }
}

/**
 * Traces a network in evaluation mode and restores its mode. A `FeatureExtractor`'s outputs are its features; the output
 * of any other module is `logits`. The input is `x`, unless an output has that name.
 *
 * @param shape the input's shape, such as `['N', 3, 224, 224]`.
 * @param outputs names of inner modules whose results become outputs too. A module that runs more than once gives its
 * first result under its name and the others as `relu_1`, …, as in torchvision.
 * @throws ShapeError that names the module, the op and the shapes.
 * @throws OutputError when an output's name is not a module's, or names two different results.
 */
export function trace(module: Module, shape: Shape, outputs: readonly string[] = []): Trace {
  const { input: x, results, calls, resultOf, nameOf } = traceEvaluation(module, shape)
  const named = new Map(results.map(({ name, value }) => [name, value]))
  for (const name of outputs) {
    const value = resultOf(name)
    if ((named.get(name) ?? value) !== value) throw nameTaken(name, "the network's own output")
    named.set(name, value)
  }
  let inputName = INPUT_NAME
  for (let count = 2; named.has(inputName); count++) inputName = `${INPUT_NAME}#${count}`
  const all = Array.from(named, ([name, value]) => ({ name, value }))
  const graph = collectGraph([x], all, value => (value === x ? inputName : nameOf(value)))
  return { graph, calls }
}

function inputOf(module: Module, shape: Shape): Value {
  checkArguments('trace', { module, shape }, { module: aNetwork, shape: anInputShape })
  return graphInput(INPUT_NAME, shape)
}

/** Runs a trace; where an input does not fit because it is one image without a batch, the error says so. */
function expectingBatch<R>(module: Module, shape: Shape, run: () => R): R {
  try {
    return run()
  } catch (cause) {
    if (!(cause instanceof ShapeError) || shape[0] === 'N' || !accepts(module, [1, ...shape])) throw cause
    const remedy = `give ${formatShape([1, ...shape])}, or ${formatShape(['N', ...shape])} for any`
    throw new ShapeError(`an input of shape ${formatShape(shape)} has no batch size: ${remedy}`, { cause })
  }
}

function accepts(module: Module, shape: Shape): boolean {
  try {
    collectEffects(() => inEvaluation(module, () => module(graphInput(INPUT_NAME, shape))))
    return true
  } catch {
    return false
  }
}

function resultsOf(module: Module, x: Value): GraphOutput[] {
  if (!(module instanceof FeatureExtractor)) return [{ name: OUTPUT_NAME, value: module(x) }]
  const features = module.features(x)
  // In the requested order: an object with numeric keys lists them in another.
  return module.names.map((name: string) => ({ name, value: features[name] }))
}

function resultNamed(name: string, module: Module, calls: readonly ModuleCall[]): Value {
  const call = calls.find(each => each.path !== '' && each.name === name)
  if (!call) throw missingCall(module, name, calls, 'outputs')
  return call.result
}

/** A network's pass over one batch in its modules' modes, with its side effects. */
export interface TrainingTrace extends Pick<EvaluationTrace, 'input' | 'output' | 'nameOf'> {
  readonly effects: Effects
}

/**
 * Traces a network in its modules' modes: call `net.train()` before, and `eval()` on frozen modules.
 * @param shape the input's shape, with a number as its batch: batch statistics depend on it.
 * @throws ShapeError that names the module, the op and the shapes.
 */
export function traceTraining(module: Module, shape: Shape): TrainingTrace {
  const x = inputOf(module, shape)
  const { result, effects } = expectingBatch(module, shape, () =>
    collectEffects(() => recordCalls(module, () => module(x)))
  )
  assertStateRegistered(module, [result.result, ...effects.updates.values()])
  return { input: x, output: result.result, effects, nameOf: namesFor(module, result.calls) }
}

/** Runs a function with a module in evaluation mode and restores its modes. */
export function inEvaluation<R>(module: Module, run: () => R): R {
  const modes = modesOf(module)
  module.eval()
  return thenSetting(modes, run)
}

/** Whether each module of a network is in training mode, by the module. */
export type Modes = ReadonlyMap<Module, boolean>

export function modesOf(net: Module): Modes {
  return new Map(Array.from(net.modules(), module => [module, module.training]))
}

/** Runs a function with a network in given modes and restores its own. */
export function inModes<R>(net: Module, modes: Modes, run: () => R): R {
  const before = modesOf(net)
  return thenSetting(before, () => {
    setModes(modes)
    return run()
  })
}

function thenSetting<R>(modes: Modes, run: () => R): R {
  try {
    return run()
  } finally {
    setModes(modes)
  }
}

function setModes(modes: Modes): void {
  for (const [module, training] of modes) if (module.training !== training) module.training = training
}

/** Names parameters by path and computed values by the innermost call: `layer1.0.conv1/conv2d`, `layer1.0.relu_1/relu`. */
function namesFor(module: Module, calls: readonly ModuleCall[]): (value: Value) => string | undefined {
  const holders = new Map<StateHolder, string>(namedHolders(module).map(([name, holder]) => [holder, name]))
  const makers = innermostCalls(calls)
  return ({ id, origin }) => {
    if (origin.kind === 'state') return holders.get(origin.holder)
    const scope = makers.get(id)?.name
    if (origin.kind === 'input' || scope === undefined || scope === '') return undefined
    return `${scope}/${origin.kind === 'node' ? origin.op : origin.kind}`
  }
}

/** The innermost call that made each value, by the value's id. */
export function innermostCalls(calls: readonly ModuleCall[]): ReadonlyMap<number, ModuleCall> {
  const innermost = new Map<number, ModuleCall>()
  // Calls nest and are listed parents first, so a later one that covers an id is a deeper one.
  for (const call of calls) for (let id = call.from; id < call.to; id++) innermost.set(id, call)
  return innermost
}

/**
 * Runs a function and lists the calls of a network's modules in the order they began.
 * @throws ResnetError when it calls a module that the network does not own.
 */
function recordCalls<R>(root: Module, run: () => R): { readonly calls: ModuleCall[]; readonly result: R } {
  const known = new Map<Callee, Pick<ModuleCall, 'path' | 'module'>>()
  for (const [path, module] of root.namedModules()) known.set(module, { path, module })
  const names = new CallNames(Array.from(known.values(), ({ path }) => path))
  const calls: (ModuleCall | undefined)[] = []
  let caller = ''
  const result = observeCalls((callee, _, proceed) => {
    const found = known.get(callee)
    if (!found) {
      assertCalled(root, callee, caller)
      return proceed()
    }
    const [outer, from, name] = [caller, valuesCreated(), names.next(found.path)]
    const place = calls.push(undefined) - 1
    caller = found.path
    const value = withPath(found.path, proceed)
    caller = outer
    calls[place] = { ...found, name, from, to: valuesCreated(), result: value }
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
    const isCall = error instanceof CallError
    if (!isCall && !(error instanceof ShapeError)) throw error
    const found = isCall ? new CallError(path, error.fault) : new ShapeError(`${path}: ${error.message}`)
    located.add(found)
    throw found
  }
}

const located = new WeakSet<object>()
