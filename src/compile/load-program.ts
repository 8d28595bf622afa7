// From a graph to a program that an engine has ready: encoded, its ports named, its weights inside, fed, or as state.
import { MAY_BLOCK } from '#ort-workers'
import type { Graph } from '../ir/graph.js'
import { encodeFed, encodeSplit } from '../onnx/encode.js'
import { runPasses } from '../passes/pass-lists.js'
import type { Engine, LoadedProgram, Program, StateSlot } from '../runtime/engine.js'
import { portsOf } from './ports.js'

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
  { name, transfer }: LoadOptions
): Promise<LoadedProgram> {
  return engine.load({ ...encodeSplit(graph, name, transfer), ...portsOf(graph) })
}

/**
 * The same for a few runs. Bringing weights into the layout that kernels prefer takes as long as several runs: here they
 * stay as they are, as a state that no run changes.
 */
export async function loadAsItIs(
  engine: Engine,
  graph: Graph,
  { name, transfer = false }: LoadOptions
): Promise<LoadedProgram> {
  const { model, fed } = encodeFed(graph, name)
  const weights = new Map(Array.from(fed, ([input, { data }]) => [input, data]))
  const [program, state] = await Promise.all([
    engine.load({
      ...model,
      expectedRuns: 'few',
      ...portsOf(graph),
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

/** Makes a graph ready whose parameters are an engine's state; its other inputs and outputs are the caller's. */
export async function loadOnState(
  engine: Engine,
  graph: Graph,
  {
    name,
    state,
    commitIf = []
  }: Pick<LoadOptions, 'name'> & Pick<Program, 'commitIf'> & { state: readonly StateSlot[] }
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
  const { TRAINING } = await import('../passes/training-passes.js')
  const simplified = runPasses(TRAINING, graph)
  if (!MAY_BLOCK) return simplified
  const { inBlocks } = await import('./in-blocks.js')
  return inBlocks(engine, simplified)
}
