// What an op's output looks like.
import type { DType } from '../tensor/dtype.js'
import type { Shape } from './shape.js'

/** The dtype and shape of a value. */
export interface OutputType {
  readonly dtype: DType
  readonly shape: Shape
}
