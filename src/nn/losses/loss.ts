// What a loss is: a function of a network's output and of what was expected, which says what form that has.
import type { Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import type { DType } from '../../tensor/dtype.js'

/** The form of what a loss compares an output with. */
export interface TargetForm {
  /**
   * `classes`: an index for each item; `values`: numbers of the output's shape, such as probabilities; `answers`: the
   * same between 0, for no, and 1, for yes.
   */
  readonly kind: 'classes' | 'values' | 'answers'
  readonly dtype: DType
  readonly shape: Shape
}

/** How wrong an output is: one number to make small. */
export interface Loss {
  readonly name: string
  /** The form of the target for an output of some shape. */
  target(output: Shape): TargetForm
  /** The loss, a scalar. */
  apply(output: Value, target: Value): Value
  /** The class indices that count as targets; nothing for losses without classes. */
  readonly ignoreIndex?: number
  /** The same loss for targets that are probabilities, for mixed images; nothing if there is none. */
  readonly soft?: () => Loss
}
