// The passes that lay a graph's images out in blocks, after those for training.
import type { Pass } from '../pass-lists.js'
import { blockedLayout } from './blocked-layout.js'
import { fuseSums } from './fuse-sums.js'

/** @param block the channels of a block. */
export function blockedPasses(block: number): readonly Pass[] {
  return [blockedLayout(block), fuseSums]
}
