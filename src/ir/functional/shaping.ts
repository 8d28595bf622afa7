// Functions that change shape, order or dtype but not the values.
import { anyNumber, checkArguments, checkOptions, shown, type Check } from '../../base/options.js'
import { DTYPE, type DType } from '../../tensor/dtype.js'
import { ShapeError } from '../../base/errors.js'
import { formatShape } from '../../tensor/tensor.js'
import { apply, type Operand, toValue } from '../operand.js'
import type { Value } from '../ops.js'
import { countElements, isShape, normaliseAxis, staticDim, type Dim, type Shape } from '../shape.js'

/** A list, whose items are checked where they are used. */
const LIST: Check<readonly unknown[]> = { expected: 'an array', accepts: Array.isArray }

/**
 * The same elements in another shape; one dimension may be −1, and `'N'` is the batch (torch: `reshape`).
 * @throws ShapeError when the sizes differ.
 */
export function reshape(x: Operand, shape: Shape): Value {
  checkArguments('reshape', { shape }, { shape: LIST })
  const value = toValue(x)
  const known = shape.filter(dim => dim !== -1)
  if (!isShape(known)) throw noReshape(value, shape)
  if (known.length === shape.length) return apply('reshape', [value], { shape })
  const from = countElements(value.shape)
  const to = countElements(known)
  // Without an 'N' in the new shape, −1 is the batch.
  const missing: Dim = from.batches > to.batches ? 'N' : from.perItem / to.perItem
  const fits = missing === 'N' ? from.perItem === to.perItem : Number.isInteger(missing)
  if (!fits || shape.length - known.length > 1) {
    throw noReshape(value, shape)
  }
  return apply('reshape', [value], { shape: shape.map(dim => (dim === -1 ? missing : dim)) })
}

function noReshape(value: Value, shape: Shape): ShapeError {
  return new ShapeError(`reshape: ${formatShape(value.shape)} cannot become ${formatShape(shape)}`)
}

/**
 * Merges the axes from `startDim` to `endDim` into one (torch: `flatten`).
 * @throws ShapeError when the batch would be merged with another axis.
 */
export function flatten(x: Operand, startDim = 0, endDim = -1): Value {
  const value = toValue(x)
  const rank = value.shape.length
  const start = normaliseAxis('flatten', startDim, rank)
  const end = normaliseAxis('flatten', endDim, rank)
  const merged = value.shape.slice(start, end + 1)
  if (merged.length > 1 && merged.includes('N')) {
    throw new ShapeError(
      `flatten: the batch of ${formatShape(value.shape)} cannot be merged; start at axis 1`
    )
  }
  const size = merged.length === 1 ? merged[0] : countElements(merged).perItem
  return apply('reshape', [value], {
    shape: [...value.shape.slice(0, start), size, ...value.shape.slice(end + 1)]
  })
}

/** Reorders axes: output axis i is input axis `dims[i]` (torch: `permute`). */
export function permute(x: Operand, dims: readonly number[]): Value {
  checkArguments('permute', { dims }, { dims: LIST })
  const value = toValue(x)
  return apply('permute', [value], {
    axes: dims.map(axis => normaliseAxis('permute', axis, value.shape.length))
  })
}

/** Swaps two axes (torch: `transpose`). */
export function transpose(x: Operand, dim0: number, dim1: number): Value {
  const value = toValue(x)
  const axes = value.shape.map((_, axis) => axis)
  const [a, b] = [dim0, dim1].map(axis => normaliseAxis('transpose', axis, axes.length))
  axes[a] = b
  axes[b] = a
  return apply('permute', [value], { axes })
}

/** Removes an axis of size 1 (torch: `squeeze`). */
export function squeeze(x: Operand, dim: number): Value {
  const value = toValue(x)
  const axis = normaliseAxis('squeeze', dim, value.shape.length)
  if (value.shape[axis] !== 1) {
    throw new ShapeError(`squeeze: axis ${axis} of ${formatShape(value.shape)} is not of size 1`)
  }
  return apply('reshape', [value], { shape: value.shape.filter((_, i) => i !== axis) })
}

/** Inserts an axis of size 1 (torch: `unsqueeze`). */
export function unsqueeze(x: Operand, dim: number): Value {
  const value = toValue(x)
  const axis = normaliseAxis('unsqueeze', dim, value.shape.length + 1)
  return apply('reshape', [value], { shape: [...value.shape.slice(0, axis), 1, ...value.shape.slice(axis)] })
}

/**
 * Broadcasts axes of size 1 to `shape`, which may have more leading axes (torch: `expand`).
 * @throws ShapeError when another axis differs.
 */
export function expand(x: Operand, shape: Shape): Value {
  checkArguments('expand', { shape }, { shape: LIST })
  return apply('expand', [toValue(x)], { shape })
}

/** Joins values along an axis (torch: `cat`). */
export function cat(values: readonly Operand[], dim = 0): Value {
  checkArguments('cat', { values }, { values: LIST })
  const inputs = values.map(toValue)
  if (inputs.length === 0) throw new ShapeError('cat: expected at least one value, got none')
  return apply('concat', inputs, { axis: normaliseAxis('cat', dim, inputs[0].shape.length) })
}

/** Pads the last axes with a constant (torch: `F.pad`): `[left, right, top, bottom]` for images. */
export function pad(
  x: Operand,
  amounts: readonly number[],
  options: { readonly value?: number } = {}
): Value {
  const { value: fill = 0 } = checkOptions('pad', options, { value: anyNumber })
  checkArguments('pad', { amounts }, { amounts: LIST })
  const value = toValue(x)
  const rank = value.shape.length
  if (
    amounts.length % 2 !== 0 ||
    amounts.length > 2 * rank ||
    !amounts.every(amount => Number.isInteger(amount) && amount >= 0)
  ) {
    throw new ShapeError(
      `pad: expected pairs of non-negative integers for the last axes of ${formatShape(value.shape)}, got [${amounts.map(each => shown(each)).join(', ')}]`
    )
  }
  const at = (axis: number, side: 0 | 1): number => amounts[2 * (rank - 1 - axis) + side] ?? 0
  return apply('pad', [value], {
    before: value.shape.map((_, axis) => at(axis, 0)),
    after: value.shape.map((_, axis) => at(axis, 1)),
    value: fill
  })
}

/** `x[:, start:end:step]` along one axis; negative indices count from the end. */
export function slice(x: Operand, dim: number, start: number, end = Infinity, step = 1): Value {
  checkArguments('slice', { start, end, step }, { start: anyNumber, end: anyNumber, step: anyNumber })
  const value = toValue(x)
  const axis = normaliseAxis('slice', dim, value.shape.length)
  const size = staticDim('slice', value.shape, axis)
  const clip = (index: number): number => Math.min(size, Math.max(0, index < 0 ? index + size : index))
  const first = clip(start)
  return apply('slice', [value], { axis, start: first, end: Math.max(first, clip(end)), step })
}

/**
 * Splits an axis into equal parts, the last one possibly smaller (torch: `chunk`).
 * @throws ShapeError when `chunks` is not a whole number above 0.
 */
export function chunk(x: Operand, chunks: number, dim = 0): Value[] {
  const value = toValue(x)
  if (!Number.isInteger(chunks) || chunks < 1) {
    throw new ShapeError(`chunk: ${formatShape(value.shape)} cannot be split into ${shown(chunks)} parts`)
  }
  const size = staticDim('chunk', value.shape, normaliseAxis('chunk', dim, value.shape.length))
  const step = Math.ceil(size / chunks)
  return Array.from({ length: Math.ceil(size / step) }, (_, i) => slice(value, dim, i * step, (i + 1) * step))
}

/** Converts the element type (torch: `to(dtype)`). */
export function cast(x: Operand, dtype: DType): Value {
  checkArguments('cast', { dtype }, { dtype: DTYPE })
  return apply('cast', [toValue(x)], { dtype })
}
