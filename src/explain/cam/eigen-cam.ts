// Eigen-CAM's formula: a layer's maps seen along the direction in which they are largest. No class and no gradient are
// needed, so it shows what the network sees and not what speaks for one answer.
import * as F from '../../ir/functional/index.js'
import { constant } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { staticDim } from '../../ir/shape.js'
import { RandomGenerator } from '../../tensor/random/generator.js'
import { Tensor } from '../../tensor/tensor.js'

/** How Eigen-CAM treats the maps. */
export interface EigenCamRule {
  /** Subtract each channel's mean first, as a principal component analysis does; default false, as in the paper. */
  readonly centered?: boolean
}

// The k-th square of a matrix is its 2ᵏ-th power: what is second to the first by a thousandth is gone after these.
const SQUARINGS = 13
const TINY = 1e-30

/**
 * `A · v₁` with A the maps as a matrix of places × channels and v₁ its first right singular vector.
 *
 * From Eigen-CAM, Muhammad & Yeasin 2020, section III, https://arxiv.org/abs/2008.00299. The direction's sign, which the
 * decomposition leaves open, is the one that agrees with the sum of the maps.
 * Shape: (N, C, h, w) → (N, h, w).
 */
export function eigenCamRule(activations: Value, { centered = false }: EigenCamRule = {}): Value {
  const [batch, , height, width] = activations.shape
  const [channels, rows, columns] = [1, 2, 3].map(axis => staticDim('eigenCam', activations.shape, axis))
  const places = rows * columns
  const planes = F.reshape(activations, [batch, channels, places])
  const means = F.mean(planes, 2, { keepDim: true })
  const byChannel = centered ? F.sub(planes, means) : planes
  const byPlace = F.transpose(byChannel, 1, 2)
  // Both products have the same largest eigenvalue; the smaller is squared.
  const projection =
    channels <= places
      ? F.matmul(byPlace, firstEigenvector(F.matmul(byChannel, byPlace), channels))
      : throughPlaces(byPlace, byChannel, places)
  const total = F.sum(planes, 1)
  const map = F.squeeze(projection, 2)
  const agrees = F.heaviside(F.sum(F.mul(map, total), 1, { keepDim: true }))
  return F.reshape(F.mul(map, F.sub(F.mul(agrees, 2), 1)), [batch, height, width])
}

/** A · v₁ from u₁: v₁ is Aᵀ u₁, made as long as one. */
function throughPlaces(byPlace: Value, byChannel: Value, places: number): Value {
  const direction = F.matmul(byChannel, firstEigenvector(F.matmul(byPlace, byChannel), places))
  return F.matmul(byPlace, unit(direction))
}

/** Of symmetric matrices that have no negative eigenvalues. Shape: (N, d, d) → (N, d, 1). */
function firstEigenvector(matrix: Value, size: number): Value {
  let power = scaled(matrix)
  for (let i = 0; i < SQUARINGS; i++) power = scaled(F.matmul(power, power))
  // A start that is at right angles to nothing in particular.
  const start = new RandomGenerator(0).uniform(size, -1, 1)
  return unit(F.matmul(power, constant(new Tensor(start, [size, 1], 'float32'))))
}

/** A matrix with its largest magnitude one, so that its powers neither vanish nor overflow. */
function scaled(matrix: Value): Value {
  return F.div(matrix, F.maximum(F.amax(F.abs(matrix), [1, 2], { keepDim: true }), TINY))
}

/** Vectors of length one. Shape: (N, d, 1). */
function unit(vectors: Value): Value {
  const longest = F.div(vectors, F.maximum(F.amax(F.abs(vectors), [1, 2], { keepDim: true }), TINY))
  const length = F.sqrt(F.sum(F.mul(longest, longest), [1, 2], { keepDim: true }))
  return F.div(longest, F.maximum(length, TINY))
}
