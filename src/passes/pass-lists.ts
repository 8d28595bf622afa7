// The lists of passes for inference and training graphs, in order of execution.
import type { Graph } from '../ir/graph.js'
import { asLines } from './as-lines.js'
import { foldBatchNorm } from './fold-batch-norm.js'
import { fuseAffine } from './fuse-affine.js'
import { maskBeforePooling } from './mask-before-pooling.js'
import { shareCommon } from './share-common.js'

/** A rewrite of a graph into an equivalent one. */
export type Pass = (graph: Graph) => Graph

const foldInPlace: Pass = graph => foldBatchNorm(graph, true)

/** For graphs with constant weights. */
export const INFERENCE: readonly Pass[] = [foldBatchNorm]
/** The same, but scales weights in place that nothing else uses. */
export const INFERENCE_IN_PLACE: readonly Pass[] = [foldInPlace]
/** For graphs whose weights change from run to run. */
export const TRAINING: readonly Pass[] = [maskBeforePooling, shareCommon, fuseAffine, asLines]

/** Runs passes over a graph in order. */
export function runPasses(passes: readonly Pass[], graph: Graph): Graph {
  return passes.reduce((rewritten, pass) => pass(rewritten), graph)
}
