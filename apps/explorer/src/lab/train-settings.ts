// What a learner chooses before two networks are trained: plain data that the page and the lab share.
import type { Skip } from 'resnet-ts/models'

/** Depths of the paper's networks for small images: 6n + 2. */
export const DEPTHS = [8, 14, 20, 32, 44, 56, 110] as const

/** What a network's blocks compute: F(x) alone, or with an operation on the shortcut. */
export type Shortcut = 'plain' | Skip

export type TrainDevice = 'auto' | 'cpu' | 'webgpu'

/** How two networks are trained, which differ only in their shortcuts. */
export interface TrainSettings {
  readonly depth: (typeof DEPTHS)[number]
  readonly shortcuts: readonly [Shortcut, Shortcut]
  readonly learningRate: number
  readonly batchSize: number
  /** For the initial weights and the order of the digits. */
  readonly seed: number
  readonly device: TrainDevice
}
