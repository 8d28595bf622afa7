// What a network is built with, apart from building it: weights from the hub are read by a part that is loaded when it is needed.
import type { StateDict } from '../tensor/state-dict.js'
import type { CheckpointNetwork } from './checkpoint.js'
import type { HubNetwork } from './hub-config.js'

/** Weights, and their source for messages. */
export interface GivenWeights {
  readonly path: string
  readonly tensors: StateDict
  /** The network that they were trained in, if the file is a checkpoint that describes it. */
  readonly network?: CheckpointNetwork | undefined
  /** What the training script that wrote the file put beside them, by the path of its keys. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** The network that a config.json beside their file describes. */
  readonly beside?: HubNetwork | undefined
  /** What says of them that they are Caffe's. */
  readonly caffe?: string | undefined
  /** As its repository says. */
  readonly licence?: string | undefined
}
