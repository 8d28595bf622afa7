// From a graph to a program that an engine has ready: encoded, its ports named, its weights inside, fed, or as state.
import type { Graph } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'
import { encodeFed, encodeSplit } from '../onnx/encode.js'
import { runPasses, TRAINING } from '../passes/pass-lists.js'
import type { Engine, LoadedProgram, ProgramPort, StateSlot } from '../runtime/engine.js'

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
  const simplified = runPasses(TRAINING, graph)
  const isState = new Set(state.flatMap(({ input = '', output = '' }) => [input, output]))
  return engine.load({
    ...encodeFed(simplified, name).model,
    inputs: inputPorts(simplified).filter(each => !isState.has(each.name)),
    outputs: outputPorts(simplified).filter(each => !isState.has(each.name)),
    state,
    commitIf
  })
}

/** What a graph's inputs are called, and what they take. */
export function inputPorts({ inputs, names }: Graph): ProgramPort[] {
  return inputs.map(value => port(names.get(value) ?? '', value))
}

function outputPorts({ outputs }: Graph): ProgramPort[] {
  return outputs.map(({ name, value }) => port(name, value))
}

function port(name: string, { dtype, shape }: Value): ProgramPort {
  return { name, dtype, shape }
}
