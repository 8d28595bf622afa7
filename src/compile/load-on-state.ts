// From a graph to a program on an engine's state: its parameters change from run to run, in training and while it is watched.
import { MAY_BLOCK } from '#ort-workers'
import type { Graph } from '../ir/graph.js'
import { encodeFed } from '../onnx/encode.js'
import { runPasses } from '../passes/pass-lists.js'
import { TRAINING } from '../passes/training-passes.js'
import type { Engine, LoadedProgram, Program, StateSlot } from '../runtime/engine.js'
import { portsOf } from './ports.js'

/** Makes a graph ready whose parameters are an engine's state; its other inputs and outputs are the caller's. */
export async function loadOnState(
  engine: Engine,
  graph: Graph,
  {
    name,
    state,
    commitIf = []
  }: Pick<Program, 'commitIf'> & { readonly name: string; readonly state: readonly StateSlot[] }
): Promise<LoadedProgram> {
  const simplified = await simplify(engine, graph)
  const { inputs, outputs } = portsOf(simplified)
  const isState = new Set(state.flatMap(({ input = '', output = '' }) => [input, output]))
  return engine.load({
    ...encodeFed(simplified, name).model,
    inputs: inputs.filter(({ name: input }) => !isState.has(input)),
    outputs: outputs.filter(({ name: output }) => !isState.has(output)),
    state,
    commitIf
  })
}

/** The graph for training on an engine: with images in blocks of channels where it has kernels for them. */
async function simplify(engine: Engine, graph: Graph): Promise<Graph> {
  const simplified = runPasses(TRAINING, graph)
  if (!MAY_BLOCK) return simplified
  const { inBlocks } = await import('./in-blocks.js')
  return inBlocks(engine, simplified)
}
