// The junction of the house: a module is traced into a graph, the graph is simplified and encoded, an engine runs it.
import { aBoolean, anObject, checkedLater, checkOptions, required, type Checks } from '../base/options.js'
import { DEFAULT_DEVICE } from '#ort-workers'
import { collectGraph, type Graph } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import { FeatureExtractor } from '../nn/feature-extractor.js'
import type { Module } from '../nn/module.js'
import { nameTaken } from '../nn/output-names.js'
import { INPUT_NAME, OUTPUT_NAME, trace, traceEvaluation } from '../nn/trace.js'
import { encodeFed, encodeOnnx, encodeSplit } from '../onnx/encode.js'
import { foldBatchNorm } from '../passes/fold-batch-norm.js'
import { fuseAffine } from '../passes/fuse-affine.js'
import { shareCommon } from '../passes/share-common.js'
import { createEngine } from '../runtime/create-engine.js'
import {
  DEVICE,
  ENGINE,
  EXPECTED_RUNS,
  type Device,
  type DeviceRequest,
  type Engine,
  type LoadedProgram,
  type Port,
  type RunOptions,
  type ExpectedRuns,
  type StateSlot
} from '../runtime/engine.js'
import { ResnetError } from '../base/errors.js'
import { sizeOf, type Tensor } from '../tensor/tensor.js'

/** Names of inner modules, or none asked for. */
export type OutputNames = readonly string[] | undefined

/** How a network is made ready to run. */
export interface CompileOptions<Outputs extends OutputNames = undefined> {
  /** The input's shape; `'N'` is a batch of any size. */
  readonly input: Shape
  /** Inner modules whose results are wanted too, such as `['layer3', 'layer2.1.bn2']`. */
  readonly outputs?: Outputs
  /** Where to run; default `cpu`, in a browser `auto`. */
  readonly device?: DeviceRequest
  /**
   * Give the network's weights to the engine instead of copying them: half the memory while it loads, and the network
   * itself is of no use afterwards, nor is a state dict that it shares them with. Default false.
   */
  readonly transfer?: boolean
  /**
   * How often it will run, about: `few` is ready in a fraction of the time, and takes up to twice as long to run. Default
   * `many`.
   */
  readonly expectedRuns?: ExpectedRuns
  /** An engine to run on; by default all networks of a process share one for each device. */
  readonly engine?: Engine
}

const OPTIONS: Checks<CompileOptions<OutputNames>> = {
  input: required(checkedLater()),
  outputs: checkedLater(),
  device: DEVICE,
  transfer: aBoolean,
  expectedRuns: EXPECTED_RUNS,
  engine: ENGINE
}

const RUN_OPTIONS: Checks<RunOptions> = { transfer: aBoolean, state: anObject() }

/** Results by name: `logits` for the network's own output, and every inner module asked for. */
export type NetworkOutputs<Outputs extends readonly string[]> = Readonly<
  Record<'logits' | Outputs[number], Tensor<'float32'>>
>

/** What a run gives: the output alone, or all outputs by name where `outputs` was given. */
export type RunResult<Outputs extends OutputNames = undefined> = Outputs extends readonly string[]
  ? NetworkOutputs<Outputs>
  : Tensor<'float32'>

/** A network that is ready to run: call it with a batch. */
export interface Compiled<Result> extends AsyncDisposable {
  /**
   * Runs the network without blocking the event loop; calls may overlap and queue.
   * @throws EngineError when the input does not fit.
   */
  (x: Tensor, options?: RunOptions): Promise<Result>
  /** The device it runs on. */
  readonly device: Device
  /** Frees the session early; a network that is no longer referenced is freed anyway. */
  dispose(): Promise<void>
}

/** A compiled network: it gives its output, or all that were named. */
export type CompiledNetwork<Outputs extends OutputNames = undefined> = Compiled<RunResult<Outputs>>

/** A compiled feature extractor: it gives the features by name, and nothing else is computed. */
export type CompiledFeatures<Name extends string> = Compiled<Readonly<Record<Name, Tensor<'float32'>>>>

/**
 * Makes a network ready to run. It computes what it computes in evaluation mode, whatever mode it is in, with the
 * weights it has now; one session serves all batch sizes.
 *
 * @throws ShapeError that names the module when shapes do not fit, ResnetError when an earlier call was given the weights.
 * @throws OutputError when an output's name is not a module's, or is `logits` and that module's result is not the output.
 * @example
 * const run = await compile(resnet18(), { input: ['N', 3, 224, 224], outputs: ['layer4'] })
 * const { logits, layer4 } = await run(rand([2, 3, 224, 224]))
 */
export async function compile<Name extends string>(
  extractor: FeatureExtractor<Name>,
  options: Omit<CompileOptions, 'outputs'>
): Promise<CompiledFeatures<Name>>
export async function compile<const Outputs extends OutputNames = undefined>(
  net: Module,
  options: CompileOptions<Outputs>
): Promise<CompiledNetwork<Outputs>>
export async function compile(net: Module, options: CompileOptions<OutputNames>): Promise<Compiled<unknown>> {
  checkOptions('compile', options, OPTIONS)
  // The engine starts while the graph is made.
  const engine = options.engine ?? sharedEngine(options.device)
  const { input, outputs, transfer = false, expectedRuns = 'many' } = options
  const graph = held(trace(net, input, outputs).graph, net)
  const load = { name: net.typeName, transfer }
  const program = await (expectedRuns === 'few'
    ? loadAsItIs(engine, graph, load)
    : loadGraph(engine, foldBatchNorm(graph, { inPlace: transfer }), load))
  const wantsAll = outputs !== undefined || net instanceof FeatureExtractor
  const [{ name: inputName }] = inputPorts(graph)

  const run = async (x: Tensor, runOptions: RunOptions = {}): Promise<unknown> => {
    checkOptions('run', runOptions, RUN_OPTIONS)
    const results = await program.run({ [inputName]: x }, runOptions)
    return wantsAll ? results : results[OUTPUT_NAME]
  }
  const dispose = (): Promise<void> => program.dispose()
  return Object.assign(run, {
    device: program.device,
    dispose,
    [Symbol.asyncDispose]: dispose
  })
}

/**
 * The network as an ONNX file that any runtime opens: input `x`, output `logits`, weights inside, batch symbolic.
 * A feature extractor's outputs are its features.
 *
 * @throws ShapeError that names the module when shapes do not fit.
 * @throws OutputError when an output's name is not a module's, or is `x`.
 */
export function exportOnnx(
  net: Module,
  { input, outputs = [] }: { readonly input: Shape; readonly outputs?: readonly string[] }
): Uint8Array {
  const graph = held(trace(net, input, outputs).graph, net)
  // Whoever runs the file feeds it by that name.
  if (graph.outputs.some(({ name }) => name === INPUT_NAME))
    throw nameTaken(INPUT_NAME, "the network's input")
  return encodeOnnx(foldBatchNorm(graph), net.typeName)
}

/** What a network computes in evaluation mode, to build on. */
export interface Inference {
  readonly input: Value
  /** What `forward` returns. */
  readonly output: Value
  /** What the layers that were asked for return, in their order. */
  readonly layers: readonly Value[]
  /** All that was computed, inputs before users. */
  readonly values: readonly Value[]
  /** A name for each of them. */
  readonly nameOf: (value: Value) => string | undefined
}

/**
 * What a network computes in evaluation mode to build on: its normalisations folded, its batch symbolic where the shape
 * says so. Whatever is derived of it runs by `loadGraph`.
 * @param layers names of inner modules; they may be called as inputs and outputs are.
 * @throws ShapeError that names the module, OutputError when a layer's name is not a module's.
 */
export function inferenceOf(net: Module, shape: Shape, layers: readonly string[] = []): Inference {
  const traced = traceEvaluation(net, shape)
  const kept = [traced.output, ...layers.map(traced.resultOf)]
  const outputs = kept.map((value, i) => ({ name: `kept/${i}`, value }))
  const graph = foldBatchNorm(held(collectGraph([traced.input], outputs, traced.nameOf), net))
  const [output, ...results] = graph.outputs.map(({ value }) => value)
  return {
    input: traced.input,
    output,
    layers: results,
    values: graph.values,
    nameOf: value => graph.names.get(value)
  }
}

/** A network's graph, if it still has its weights. @throws ResnetError when an earlier call was given them. */
function held(graph: Graph, net: Module): Graph {
  for (const value of graph.values) {
    if (value.origin.kind !== 'state') continue
    const { data, shape } = value.origin.holder.data
    if (data.length === sizeOf(shape)) continue
    throw new ResnetError(
      `${net.typeName}'s ${graph.names.get(value)} was given away by an earlier compile with { transfer: true }`
    )
  }
  return graph
}

/** How a graph is made ready to run. */
interface LoadOptions {
  /** What the program is called. */
  readonly name: string
  /** Give the weights' memory to the engine instead of copying it; default false. */
  readonly transfer?: boolean
}

/** Makes any graph ready to run, its weights inside; ports are called as the graph's inputs and outputs are. */
export function loadGraph(
  engine: Engine,
  graph: Graph,
  { name, transfer = false }: LoadOptions
): Promise<LoadedProgram> {
  return engine.load({
    ...encodeSplit(graph, name, { transfer }),
    inputs: inputPorts(graph),
    outputs: outputPorts(graph)
  })
}

/**
 * The same for a few runs. A program holds its weights in a form of its own, and to bring them into it takes as long as
 * several runs: here they stay as they are, as a state that no run changes.
 */
async function loadAsItIs(
  engine: Engine,
  graph: Graph,
  { name, transfer = false }: LoadOptions
): Promise<LoadedProgram> {
  const { model, fed } = encodeFed(graph, name)
  const weights = Object.fromEntries(Array.from(fed, ([input, { data }]) => [input, data] as const))
  const [program, state] = await Promise.all([
    engine.load({
      ...model,
      expectedRuns: 'few',
      inputs: inputPorts(graph),
      outputs: outputPorts(graph),
      state: Array.from(fed.keys(), input => ({ name: input, input }))
    }),
    engine.createState(weights, { transfer })
  ])
  const dispose = async (): Promise<void> => {
    await Promise.all([program.dispose(), state.dispose()])
  }
  return {
    device: program.device,
    run: (inputs, options) => program.run(inputs, { ...options, state }),
    dispose,
    [Symbol.asyncDispose]: dispose
  }
}

/**
 * Makes a graph ready to run whose parameters and buffers are an engine's state, so that they can change.
 * @param state what it reads and changes; every other input and output is the caller's.
 */
export function loadOnState(
  engine: Engine,
  graph: Graph,
  {
    name,
    state,
    commitIf = []
  }: { readonly name: string; readonly state: readonly StateSlot[]; readonly commitIf?: readonly string[] }
): Promise<LoadedProgram> {
  const simplified = fuseAffine(shareCommon(graph))
  const isState = new Set(state.flatMap(({ input = '', output = '' }) => [input, output]))
  return engine.load({
    ...encodeFed(simplified, name).model,
    inputs: inputPorts(simplified).filter(each => !isState.has(each.name)),
    outputs: outputPorts(simplified).filter(each => !isState.has(each.name)),
    state,
    commitIf
  })
}

function inputPorts({ inputs, names }: Graph): Port[] {
  return inputs.map(value => port(names.get(value) ?? '', value))
}

function outputPorts({ outputs }: Graph): Port[] {
  return outputs.map(({ name, value }) => port(name, value))
}

function port(name: string, { dtype, shape }: Value): Port {
  return { name, dtype, shape }
}

const engines = new Map<DeviceRequest, Engine>()

/** The process's engine for a device, started at its first use, and again after it broke down. */
export function sharedEngine(device: DeviceRequest = DEFAULT_DEVICE): Engine {
  const known = engines.get(device)
  if (known?.isOpen) return known
  const engine = createEngine({ device })
  engines.set(device, engine)
  return engine
}
