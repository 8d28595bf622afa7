import type { Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import type { DType } from '../../tensor/dtype.js'

export interface TargetForm {
  /** `classes`: an index per item; `values`: numbers of the output's shape; `answers`: such numbers in 0 … 1. */
  readonly kind: 'classes' | 'values' | 'answers'
  readonly dtype: DType
  readonly shape: Shape
}

/** A loss function. */
export interface Loss {
  readonly name: string
  /** The target's form for an output shape. */
  target(output: Shape): TargetForm
  /** The loss, a scalar. */
  apply(output: Value, target: Value): Value
  /** The class index that is ignored; undefined for losses without classes. */
  readonly ignoreIndex?: number
  /** The same loss for probability targets, as mixed images need; undefined if there is none. */
  readonly soft?: () => Loss
}
