// What the ports of a training step and of an evaluation are called.

/** Names of a step's inputs and outputs besides state. */
export const PORTS = {
  images: 'x',
  target: 'target',
  learningRate: 'learning_rate',
  loss: 'loss',
  output: 'logits',
  /** The gradient norm of each trained parameter. */
  gradientNorms: 'gradient_norms',
  /** The sum of each parameter's next values, which is finite only if all are. */
  nextSums: 'next_sums'
} as const

/** The input of an optimiser's scalar. */
export function scalarPort(name: string): string {
  return `scalar/${name}`
}
