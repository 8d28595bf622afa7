// Tensors as descriptions, until their elements are read.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import type { DType } from '../../tensor/dtype.js'
import { Stateful } from './pickle-values.js'
import type { Layout } from '../pth/strided.js'
import type { WideDType } from '../wide-dtype-names.js'

/** Stored elements under `key`, or a view of a part of them (torch before 0.4). */
export class Storage {
  /**
   * @param total elements stored under the key, of which the view has `numel` from `offset` on.
   * @param bytes the elements, where the pickle itself holds them.
   */
  constructor(
    readonly key: string,
    readonly dtype: DType,
    readonly total: number,
    readonly offset = 0,
    readonly numel = total - offset,
    readonly bytes?: Uint8Array
  ) {
    if (![total, offset, numel].every(n => Number.isSafeInteger(n) && n >= 0) || offset + numel > total) {
      throw new Fault(`storage ${quote(key)} has ${numel} elements from ${offset} on, of ${total}`)
    }
  }
}

export interface Placement {
  readonly storage: Storage
  readonly layout: Layout
  /** What the elements are where no tensor has that dtype, or where the storage counts bytes. */
  readonly dtype?: DType | WideDType
}

/** How a quantized tensor's integers stand for numbers. */
export interface Quantizer {
  /** Of the whole tensor, or tensors with one for each index of the axis. */
  readonly scales: number | PickledTensor
  readonly zeroPoints: number | PickledTensor
  readonly axis: number | undefined
}

/** A tensor, or a NumPy array in its place. */
export abstract class PickledTensor extends Stateful {
  override readonly kind = 'a tensor'
  placement: Placement | undefined
  /** Where its elements are quantized. */
  quantizer: Quantizer | undefined
  /** Why it has no placement. */
  fault = 'is a tensor without elements or shape'
}
