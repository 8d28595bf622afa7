// Eigen-CAM: activations along their first principal direction. It needs neither class nor gradients.
import * as F from '../../ir/functional/index.js'
import { constant } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { staticDim } from '../../ir/shape.js'
import { RandomGenerator } from '../../tensor/random/generator.js'
import { Tensor } from '../../tensor/tensor.js'

/** Options of Eigen-CAM. */
export interface EigenCamRule {
  /** Subtract each channel's mean first, as a principal component analysis does; default false, as in the paper. */
  readonly centered?: boolean
}

// The k-th squaring yields the 2ᵏ-th power: an eigenvalue smaller by a thousandth has vanished after these.
const SQUARINGS = 13
const TINY = 1e-30

/**
 * `A · v₁` with A the maps as a matrix of places × channels and v₁ its first right singular vector.
 *
 * From Eigen-CAM, Muhammad & Yeasin 2020, section III, https://arxiv.org/abs/2008.00299. The arbitrary sign is chosen to
 * agree with the sum of the maps. Shape: (N, C, h, w) → (N, h, w).
 */
export function eigenCamRule(activations: Value, { centered = false }: EigenCamRule = {}): Value {
  const [batch, , height, width] = activations.shape
  const [channels, rows, columns] = [1, 2, 3].map(axis => staticDim('eigenCam', activations.shape, axis))
  const places = rows * columns
  const planes = F.reshape(activations, [batch, channels, places])
  const means = F.mean(planes, 2, { keepDim: true })
  const byChannel = centered ? F.sub(planes, means) : planes
  const byPlace = F.transpose(byChannel, 1, 2)
  // AAᵀ and AᵀA have the same largest eigenvalue; use the smaller. From u₁ of AAᵀ, v₁ is Aᵀ u₁ normalised.
  const direction =
    channels <= places
      ? firstEigenvector(F.matmul(byChannel, byPlace), channels)
      : unit(F.matmul(byChannel, firstEigenvector(F.matmul(byPlace, byChannel), places)))
  const projection = F.matmul(byPlace, direction)
  const total = F.sum(planes, 1)
  const map = F.squeeze(projection, 2)
  const agrees = F.heaviside(F.sum(F.mul(map, total), 1, { keepDim: true }))
  return F.reshape(F.mul(map, F.sub(F.mul(agrees, 2), 1)), [batch, height, width])
}

/** The first eigenvector of positive semi-definite matrices. Shape: (N, d, d) → (N, d, 1). */
function firstEigenvector(matrix: Value, size: number): Value {
  let power = scaled(matrix)
  for (let i = 0; i < SQUARINGS; i++) power = scaled(F.matmul(power, power))
  // A random start is almost surely not orthogonal to it.
  const start = new RandomGenerator(0).uniform(size, -1, 1)
  return unit(F.matmul(power, constant(new Tensor(start, [size, 1], 'float32'))))
}

/** Scales matrices or vectors to a largest magnitude of 1, so that their powers neither vanish nor overflow. */
function scaled(matrix: Value): Value {
  return F.div(matrix, F.maximum(F.amax(F.abs(matrix), [1, 2], { keepDim: true }), TINY))
}

/** Normalises vectors. Shape: (N, d, 1). */
function unit(vectors: Value): Value {
  const longest = scaled(vectors)
  const length = F.sqrt(F.sum(F.mul(longest, longest), [1, 2], { keepDim: true }))
  return F.div(longest, F.maximum(length, TINY))
}
