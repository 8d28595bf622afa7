// The ports of a program, as its graph calls them.
import type { Graph } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'
import type { Program, ProgramPort } from '../runtime/engine.js'

/** What a graph's inputs and outputs are called, and what they take and give. */
export function portsOf({ inputs, outputs, names }: Graph): Pick<Program, 'inputs' | 'outputs'> {
  const port = (name: string, { dtype, shape }: Value): ProgramPort => ({ name, dtype, shape })
  return {
    inputs: inputs.map(value => port(names.get(value) ?? '', value)),
    outputs: outputs.map(({ name, value }) => port(name, value))
  }
}
