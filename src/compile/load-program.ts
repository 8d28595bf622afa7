// From a graph to a program that an engine has ready: encoded, its ports named, its weights inside, fed, or as state.
import type { Graph } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'
import { encodeFed, encodeSplit } from '../onnx/encode.js'
import { runPasses, TRAINING } from '../passes/pass-lists.js'
import type { Engine, LoadedProgram, Program, ProgramPort, StateSlot } from '../runtime/engine.js'

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
export function loadOnState(
  engine: Engine,
  graph: Graph,
  {
    name,
    state,
    commitIf = []
  }: Pick<LoadOptions, 'name'> & Pick<Program, 'commitIf'> & { state: readonly StateSlot[] }
): Promise<LoadedProgram> {
  const simplified = runPasses(TRAINING, graph)
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

/** What a graph's inputs and outputs are called, and what they take and give. */
export function portsOf({ inputs, outputs, names }: Graph): Pick<Program, 'inputs' | 'outputs'> {
  const port = (name: string, { dtype, shape }: Value): ProgramPort => ({ name, dtype, shape })
  return {
    inputs: inputs.map(value => port(names.get(value) ?? '', value)),
    outputs: outputs.map(({ name, value }) => port(name, value))
  }
}
