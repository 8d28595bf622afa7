// The lists of passes for inference graphs, in order of execution; those for training are in training-passes.ts.
import type { Graph } from '../ir/graph.js'
import { foldBatchNorm } from './fold-batch-norm.js'

/** A rewrite of a graph into an equivalent one. */
export type Pass = (graph: Graph) => Graph

const foldInPlace: Pass = graph => foldBatchNorm(graph, true)

/** For graphs with constant weights. */
export const INFERENCE: readonly Pass[] = [foldBatchNorm]
/** The same, but scales weights in place that nothing else uses. */
export const INFERENCE_IN_PLACE: readonly Pass[] = [foldInPlace]

/** Runs passes over a graph in order. */
export function runPasses(passes: readonly Pass[], graph: Graph): Graph {
  return passes.reduce((rewritten, pass) => pass(rewritten), graph)
}
