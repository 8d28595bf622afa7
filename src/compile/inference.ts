// What a network computes in evaluation mode, as a graph whose weights are known, and as a file for other runtimes.
import { ResnetError } from '../base/errors.js'
import { anObject, aString, listOf, oneOf, required, type OptionsOf } from '../base/options.js'
import { collectGraph, type Graph } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import { anInputShape, checkNetworkCall } from '../nn/module/check-network.js'
import type { Module } from '../nn/module/module.js'
import { nameTaken } from '../nn/trace/output-names.js'
import { INPUT_NAME, trace, traceEvaluation } from '../nn/trace/trace.js'
import { encodeOnnx } from '../onnx/encode.js'
import { OPSETS } from '../onnx/opsets.js'
import { INFERENCE, runPasses } from '../passes/pass-lists.js'
import { sizeOf } from '../tensor/tensor.js'

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
  const graph = runPasses(INFERENCE, held(collectGraph([traced.input], outputs, traced.nameOf), net))
  const [output, ...results] = graph.outputs.map(({ value }) => value)
  return {
    input: traced.input,
    output,
    layers: results,
    values: graph.values,
    nameOf: value => graph.names.get(value)
  }
}

/** A network's graph in evaluation mode, as it was traced. @throws ResnetError as `held` does. */
export function inferenceGraph(net: Module, input: Shape, outputs: readonly string[] | undefined): Graph {
  return held(trace(net, input, outputs).graph, net)
}

/** A network's graph, if it still has its weights. @throws ResnetError when an earlier call was given them. */
function held(graph: Graph, net: Module): Graph {
  for (const value of graph.values) {
    if (value.origin.kind !== 'state') continue
    const { data, shape } = value.origin.holder.data
    if (data.length === sizeOf(shape)) continue
    throw new ResnetError(
      `${net.typeName}'s ${graph.names.get(value)} was transferred to an engine by an earlier compile with { transfer: true }; build the network again`
    )
  }
  return graph
}

const EXPORT_OPTIONS = {
  input: required(anInputShape),
  outputs: listOf(aString),
  /** ONNX's operator set: 17 is what most programs read, 20 is torch's default since 2.9; results are the same. Default 17. */
  opset: oneOf(...OPSETS),
  /** The file's `metadata_props`. */
  metadata: anObject<Readonly<Record<string, string>>>()
}

/** Options of `exportOnnx`. */
export interface ExportOptions extends OptionsOf<typeof EXPORT_OPTIONS> {}

/**
 * The network as an ONNX file that any runtime opens: input `x`, output `logits`, weights inside, batch symbolic.
 * A feature extractor's outputs are its features. `resnet export` writes what prepares a picture, as `describePipeline`
 * gives it, under `resnet-ts.transforms` of the metadata.
 *
 * @throws ShapeError that names the module when shapes do not fit.
 * @throws OutputError when an output's name is not a module's, or is `x`.
 */
export function exportOnnx(net: Module, options: ExportOptions): Uint8Array {
  const checked = checkNetworkCall('exportOnnx', net, options, EXPORT_OPTIONS)
  const { input, outputs = [], opset, metadata } = checked
  const graph = inferenceGraph(net, input, outputs)
  // Whoever runs the file feeds it by that name.
  if (graph.outputs.some(({ name }) => name === INPUT_NAME))
    throw nameTaken(INPUT_NAME, "the network's input")
  return encodeOnnx(runPasses(INFERENCE, graph), net.typeName, { opset, metadata })
}
