// The networks of a comparison: from one seed, so that layers that both have start from the same weights.
import { manualSeed, type Module } from 'resnet-ts'
import { findModel } from 'resnet-ts/models'
import type { CheckpointNetwork } from 'resnet-ts/train'
import type { Shortcut, TrainSettings } from './train-settings.js'

const CHANNELS = 1

/** A network, and the metadata for a file of its weights. */
export interface LaneNetwork {
  readonly net: Module
  readonly about: Pick<CheckpointNetwork, 'model' | 'options'>
}

/** Builds the network with one of the shortcuts. */
export function buildLane(
  { depth, seed }: Pick<TrainSettings, 'depth' | 'seed'>,
  shortcut: Shortcut,
  classes: number
): LaneNetwork {
  const model = `cifar_resnet${depth}`
  const { build } = findModel(model)
  const common = { numClasses: classes, inChannels: CHANNELS } as const
  const skip = shortcut === 'plain' || shortcut === 'identity' ? {} : { skip: shortcut }
  const options = { ...common, residual: shortcut !== 'plain', ...skip }
  manualSeed(seed)
  const shared = build(common).stateDict()
  manualSeed(seed)
  const net = build(options)
  // Gates and projections draw random numbers between the layers that all networks have.
  net.loadStateDict(shared, { strict: false })
  return { net, about: { model, options } }
}

/** The weights whose gradients are recorded: those of the layers that all networks of a depth share, first to last. */
export function watchedLayers({ depth, seed }: Pick<TrainSettings, 'depth' | 'seed'>): string[] {
  const { net } = buildLane({ depth, seed }, 'plain', 1)
  return Array.from(net.namedParameters()).flatMap(([name, { shape }]) => (shape.length > 1 ? [name] : []))
}
