// The junction of the house: a module is traced into a graph, the graph is simplified and encoded, an engine runs it.
import type { Graph } from './ir/graph.js'
import type { Shape } from './ir/shape.js'
import type { Module } from './nn/module.js'
import { trace } from './nn/trace.js'
import { encodeOnnx, encodeSplit, WEIGHTS_FILE } from './onnx/encode.js'
import { foldBatchNorm } from './passes/fold-batch-norm.js'
import { createEngine } from './runtime/create-engine.js'
import type { Device, DeviceRequest, Engine, Port, RunOptions } from './runtime/engine.js'
import type { Tensor } from './tensor/tensor.js'

/** How a network is made ready to run. */
export interface CompileOptions<Outputs extends readonly string[]> {
  /** The input's shape; `'N'` is a batch of any size. */
  readonly input: Shape
  /** Inner modules whose results are wanted too, such as `['layer3', 'layer2.1.bn2']`. */
  readonly outputs?: Outputs
  /** Where to run; default `cpu`. */
  readonly device?: DeviceRequest
  /** An engine to run on; by default all networks of a process share one for each device. */
  readonly engine?: Engine
}

/** Results by name: `logits` for the network's own output, and every inner module asked for. */
export type NetworkOutputs<Outputs extends readonly string[]> = Readonly<
  Record<'logits' | Outputs[number], Tensor<'float32'>>
>

/** What a run gives: the output alone, or all outputs by name when inner ones were asked for. */
export type RunResult<Outputs extends readonly string[]> = Outputs extends readonly []
  ? Tensor<'float32'>
  : NetworkOutputs<Outputs>

/** A network that is ready to run: call it with a batch. */
export interface CompiledNetwork<Outputs extends readonly string[] = readonly []> extends AsyncDisposable {
  /**
   * Runs the network without blocking the event loop; calls may overlap and queue.
   * @throws EngineError when the input does not fit.
   */
  (x: Tensor, options?: RunOptions): Promise<RunResult<Outputs>>
  /** The device it runs on. */
  readonly device: Device
  /** Frees the session early; a network that is no longer referenced is freed anyway. */
  dispose(): Promise<void>
}

/**
 * Makes a network ready to run. It computes what it computes in evaluation mode, whatever mode it is in, with the
 * weights it has now; one session serves all batch sizes.
 *
 * @throws ShapeError that names the module when shapes do not fit.
 * @example
 * const run = await compile(resnet18(), { input: ['N', 3, 224, 224], outputs: ['layer4'] })
 * const { logits, layer4 } = await run(rand([2, 3, 224, 224]))
 */
export async function compile<const Outputs extends readonly string[] = readonly []>(
  net: Module,
  options: CompileOptions<Outputs>
): Promise<CompiledNetwork<Outputs>> {
  const starting = options.engine ?? sharedEngine(options.device ?? 'cpu')
  const graph = inferenceGraph(net, options.input, options.outputs)
  const { onnx, weights } = encodeSplit(graph, net.typeName)
  const engine = await starting
  const program = await engine.load({
    onnx,
    weights: [{ name: WEIGHTS_FILE, data: weights }],
    inputs: inputPorts(graph),
    outputs: outputPorts(graph)
  })
  const wantsAll = (options.outputs ?? []).length > 0

  const run = async (x: Tensor, runOptions?: RunOptions): Promise<unknown> => {
    const results = await program.run({ [graph.inputs.map(nameIn(graph))[0]]: x }, runOptions)
    return wantsAll ? results : results.logits
  }
  const dispose = (): Promise<void> => program.dispose()
  return Object.assign(run, {
    device: engine.device,
    dispose,
    [Symbol.asyncDispose]: dispose
  }) as CompiledNetwork<Outputs>
}

/**
 * The network as an ONNX file that any runtime opens: input `x`, output `logits`, weights inside, batch symbolic.
 *
 * @throws ShapeError that names the module when shapes do not fit.
 */
export function exportOnnx(
  net: Module,
  { input, outputs = [] }: { readonly input: Shape; readonly outputs?: readonly string[] }
): Uint8Array {
  return encodeOnnx(inferenceGraph(net, input, outputs), net.typeName)
}

/** The graph of a network in evaluation mode, with batch normalisation folded away. */
function inferenceGraph(net: Module, input: Shape, outputs: readonly string[] = []): Graph {
  return foldBatchNorm(trace(net, input, outputs).graph)
}

function nameIn(graph: Graph) {
  return (value: Graph['values'][number]): string => graph.names.get(value) ?? ''
}

function inputPorts(graph: Graph): Port[] {
  return graph.inputs.map(value => ({ name: nameIn(graph)(value), dtype: value.dtype, shape: value.shape }))
}

function outputPorts(graph: Graph): Port[] {
  return graph.outputs.map(({ name, value: { dtype, shape } }) => ({ name, dtype, shape }))
}

const engines = new Map<DeviceRequest, Promise<Engine>>()

/** The process's engine for a device, started at its first use. */
export function sharedEngine(device: DeviceRequest): Promise<Engine> {
  const known = engines.get(device)
  if (known) return known
  const starting = createEngine({ device })
  engines.set(device, starting)
  // A start that failed is not remembered: the next call may try again.
  starting.catch(() => engines.delete(device))
  return starting
}
