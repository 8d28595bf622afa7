// The junction of the house: a module is traced into a graph, the graph is simplified and encoded, an engine runs it.
import {
  aBoolean,
  anObject,
  aString,
  checkOptions,
  listOf,
  required,
  type Checks,
  type OptionsOf
} from '../base/options.js'
import { anInputShape, checkNetworkCall } from '../nn/module/check-network.js'
import { FeatureExtractor } from '../nn/trace/feature-extractor.js'
import type { Module } from '../nn/module/module.js'
import { OUTPUT_NAME } from '../nn/trace/trace.js'
import { INFERENCE, INFERENCE_IN_PLACE, runPasses } from '../passes/pass-lists.js'
import { ENGINE_CHOICE, EXPECTED_RUNS, type Device, type RunOptions } from '../runtime/engine.js'
import type { Tensor } from '../tensor/tensor.js'
import { inferenceGraph } from './inference.js'
import { loadAsItIs, loadGraph } from './load-program.js'
import { portsOf } from './ports.js'
import { engineFor } from './shared-engines.js'

/** Names of inner modules, or none asked for. */
export type OutputNames = readonly string[] | undefined

const OPTIONS = {
  ...ENGINE_CHOICE,
  /** The input's shape; `'N'` is a batch of any size. */
  input: required(anInputShape),
  outputs: listOf(aString),
  /**
   * Give the network's weights to the engine instead of copying them: half the memory while it loads, and the network
   * itself is of no use afterwards, nor is a state dict that it shares them with. Default false.
   */
  transfer: aBoolean,
  /**
   * How often it will run, about: `few` is ready in a fraction of the time, and takes up to twice as long to run. Default
   * `many`.
   */
  expectedRuns: EXPECTED_RUNS
}

/** How a network is made ready to run. */
export interface CompileOptions<Outputs extends OutputNames = undefined> extends Omit<
  OptionsOf<typeof OPTIONS>,
  'outputs'
> {
  /** Inner modules whose results are wanted too, such as `['layer3', 'layer1.0.relu_1']`; `relu_1` is relu's second result. */
  readonly outputs?: Outputs
}

const RUN_OPTIONS: Checks<RunOptions> = {
  transfer: aBoolean,
  state: anObject('a state, as createState gives it', 'read')
}

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
  checkNetworkCall('compile', net, options, OPTIONS)
  // The engine starts while the graph is made.
  const engine = engineFor(options)
  const { input, outputs, transfer = false, expectedRuns = 'many' } = options
  const graph = inferenceGraph(net, input, outputs)
  const load = { name: net.typeName, transfer }
  const program = await (expectedRuns === 'few'
    ? loadAsItIs(engine, graph, load)
    : loadGraph(engine, runPasses(transfer ? INFERENCE_IN_PLACE : INFERENCE, graph), load))
  const [{ name: inputName }] = portsOf(graph).inputs
  const wantsAll = outputs !== undefined || net instanceof FeatureExtractor

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
