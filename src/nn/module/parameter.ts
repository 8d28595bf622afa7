// Parameters, which are trained, and buffers, which are not. A parameter's values may be a draw that is computed on first
// read, so that building a network only to load weights into it costs nothing.
import { allocate, type DType } from '../../tensor/dtype.js'
import { ShapeError } from '../../base/errors.js'
import { checkArguments, either, instanceOf, listOf, wholeNumber } from '../../base/options.js'
import { formatShape, sizeOf, Tensor } from '../../tensor/tensor.js'

/** Computes a parameter's initial values on first read. */
export type Initialiser = () => Float32Array

/** What the kernels' 32-bit indices reach. */
const MAX_SIZE = 2 ** 31 - 1

/** A learnable tensor (torch: `nn.Parameter`). */
export class Parameter {
  readonly shape: readonly number[]
  readonly dtype = 'float32'
  /** Whether training changes it; `false` freezes it (torch: `requires_grad`). */
  requiresGrad = true
  #values: Tensor<'float32'> | Initialiser

  /** From values, or from a shape, initially zeros. */
  constructor(from: Tensor<'float32'> | readonly number[]) {
    checkArguments('Parameter', { from }, { from: either(instanceOf(Tensor), listOf(wholeNumber(0))) })
    const isTensor = from instanceof Tensor
    this.shape = isTensor ? from.shape : [...from]
    if (sizeOf(this.shape) > MAX_SIZE) {
      throw new ShapeError(`Parameter: ${formatShape(this.shape)} has more than ${MAX_SIZE} elements`)
    }
    this.#values = isTensor ? from : () => allocate('float32', sizeOf(this.shape))
  }

  get data(): Tensor<'float32'> {
    if (this.#values instanceof Tensor) return this.#values
    this.#values = new Tensor(this.#values(), this.shape, 'float32')
    return this.#values
  }

  /** @throws ShapeError when the shape differs. */
  set data(values: Tensor<'float32'>) {
    if (formatShape(values.shape) !== formatShape(this.shape)) {
      throw new ShapeError(`Parameter: expected ${formatShape(this.shape)}, got ${formatShape(values.shape)}`)
    }
    this.#values = values
  }

  /** Sets values that are computed on first read. */
  initialise(compute: Initialiser): void {
    this.#values = compute
  }
}

/** State that is not learned, such as `running_mean` (torch: `nn.Buffer`). */
export class ModuleBuffer {
  data: Tensor

  constructor(data: Tensor) {
    checkArguments('Buffer', { data }, { data: instanceOf(Tensor) })
    this.data = data
  }

  get shape(): readonly number[] {
    return this.data.shape
  }

  get dtype(): DType {
    return this.data.dtype
  }
}
