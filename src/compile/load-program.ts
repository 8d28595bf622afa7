// From a graph to a program that an engine has ready: encoded, its ports named, its weights inside or fed.
import type { Graph } from '../ir/graph.js'
import { encodeFed, encodeSplit } from '../onnx/encode.js'
import type { Engine, LoadedProgram } from '../runtime/engine.js'
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
