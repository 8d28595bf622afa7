// The parameters of the engine contract for one kind of engine.
import type { Device } from 'resnet-ts/functional'

/** One kind of engine. */
export interface Contract {
  readonly device: Device
  /** A batch size and an image size for which a run of resnet18 is long enough for a timer to tick. */
  readonly work: readonly [batch: number, side: number]
  /** Other devices to request, which may be missing. */
  readonly others: readonly Device[]
}
