// Which passes a graph goes through, by what it is for, in the order in which they run.
import type { Graph } from '../ir/graph.js'
import { foldBatchNorm, foldBatchNormInPlace } from './fold-batch-norm.js'
import { fuseAffine } from './fuse-affine.js'
import { shareCommon } from './share-common.js'

/** A rewrite of a graph into one that computes the same. */
export type Pass = (graph: Graph) => Graph

/** For graphs whose weights are known and stay as they are. */
export const INFERENCE: readonly Pass[] = [foldBatchNorm]
/** The same where nobody else needs the weights: they are scaled where they are. */
export const INFERENCE_IN_PLACE: readonly Pass[] = [foldBatchNormInPlace]
/** For graphs whose weights are state, which changes from run to run. */
export const TRAINING: readonly Pass[] = [shareCommon, fuseAffine]

/** Runs passes over a graph, one after the other. */
export function runPasses(passes: readonly Pass[], graph: Graph): Graph {
  return passes.reduce((rewritten, pass) => pass(rewritten), graph)
}
