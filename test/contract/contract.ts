// How the contract of engines is put to one kind of them.
import type { Device } from 'resnet-ts/functional'

/** One kind of engine. */
export interface Contract {
  readonly device: Device
  /** How many pictures, of which side, make a run of resnet18 long enough for a timer to tick. */
  readonly work: readonly [batch: number, side: number]
  /** Devices that may be missing, to be asked for. */
  readonly others: readonly Device[]
}
