// A network as an ONNX file for other runtimes.
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import { nameTaken } from '../nn/output-names.js'
import { INPUT_NAME } from '../nn/trace.js'
import { encodeOnnx } from '../onnx/encode.js'
import { INFERENCE, runPasses } from '../passes/pass-lists.js'
import { inferenceGraph } from './inference.js'

/**
 * The network as an ONNX file that any runtime opens: input `x`, output `logits`, weights inside, batch symbolic.
 * A feature extractor's outputs are its features. `metadata` becomes the model's `metadata_props`; `resnet export` writes
 * what prepares a picture, as `describePipeline` gives it, under `resnet-ts.transforms`.
 *
 * @throws ShapeError that names the module when shapes do not fit.
 * @throws OutputError when an output's name is not a module's, or is `x`.
 */
export function exportOnnx(
  net: Module,
  {
    input,
    outputs = [],
    metadata
  }: {
    readonly input: Shape
    readonly outputs?: readonly string[]
    readonly metadata?: Readonly<Record<string, string>>
  }
): Uint8Array {
  const graph = inferenceGraph(net, input, outputs)
  // Whoever runs the file feeds it by that name.
  if (graph.outputs.some(({ name }) => name === INPUT_NAME))
    throw nameTaken(INPUT_NAME, "the network's input")
  return encodeOnnx(runPasses(INFERENCE, graph), net.typeName, metadata)
}
