// The formulas of class activation maps in the float64 reference, against plain loops.
import { describe, expect, it } from 'vitest'
import { collectGraph } from '../ir/graph.js'
import { graphInput } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { interpret } from '../ir/testing/interpret.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { tensor, type Tensor } from '../tensor/tensor.js'
import { eigenCamRule, gradCamPlusPlusRule, gradCamRule } from './cam/cam.js'

const [N, C, H, W] = [2, 3, 2, 4]
const PLACES = H * W
const draw = (seed: number, low: number): number[] => [
  ...new RandomGenerator(seed).uniform(N * C * PLACES, low, 1)
]
const maps = draw(1, -0.2)
const slopes = draw(2, -1)
const activations = graphInput('a', [N, C, H, W])
const gradients = graphInput('g', [N, C, H, W])

function compute(value: Value, a = maps): number[] {
  const feeds: Record<string, Tensor> = {
    a: tensor(Float64Array.from(a), [N, C, H, W], 'float64'),
    g: tensor(Float64Array.from(slopes), [N, C, H, W], 'float64')
  }
  return [...interpret(collectGraph([activations, gradients], [{ name: 'y', value }]), feeds).y.data]
}

const at = (values: readonly number[], n: number, c: number, place: number): number =>
  values[(n * C + c) * PLACES + place]
const range = (count: number): number[] => [...Array(count).keys()]
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
function byLoops(weight: (n: number, c: number) => number): number[] {
  return range(N).flatMap(n =>
    range(PLACES).map(place => Math.max(0, total(range(C).map(c => weight(n, c) * at(maps, n, c, place)))))
  )
}
function expectEqual(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  found.forEach((value, i) => expect(value, String(i)).toBeCloseTo(expected[i], 10))
}

describe('Grad-CAM', () => {
  it('weights channels by their mean gradient', () => {
    const weight = (n: number, c: number): number =>
      total(range(PLACES).map(p => at(slopes, n, c, p))) / PLACES
    expectEqual(compute(gradCamRule(activations, gradients)), byLoops(weight))
  })
})

describe('Grad-CAM++', () => {
  const weight = (eps: number) => (n: number, c: number) => {
    const sum = total(range(PLACES).map(p => at(maps, n, c, p)))
    const alpha = (g: number): number => (g * g) / (2 * g * g + sum * g ** 3 + eps)
    return total(range(PLACES).map(p => alpha(at(slopes, n, c, p)) * Math.max(0, at(slopes, n, c, p))))
  }
  it('weights positions by equation 19', () => {
    expectEqual(compute(gradCamPlusPlusRule(activations, gradients, 0)), byLoops(weight(0)))
    // Exact in single precision, like the constants of a graph.
    const eps = 1 / 128
    expectEqual(compute(gradCamPlusPlusRule(activations, gradients, eps)), byLoops(weight(eps)))
  })
})

describe('Eigen-CAM', () => {
  /** Power iteration on one image's matrix of places × channels, by loops. */
  function byPower(n: number, centered: boolean): number[] {
    const means = range(C).map(c =>
      centered ? total(range(PLACES).map(p => at(maps, n, c, p))) / PLACES : 0
    )
    const rows = range(PLACES).map(p => range(C).map(c => at(maps, n, c, p) - means[c]))
    let v = [0.3, -0.5, 0.7]
    for (let i = 0; i < 20_000; i++) {
      const image = rows.map(row => total(row.map((each, c) => each * v[c])))
      const next = range(C).map(c => total(image.map((each, p) => each * rows[p][c])))
      const length = Math.hypot(...next)
      v = next.map(each => each / length)
    }
    const map = rows.map(row => total(row.map((each, c) => each * v[c])))
    const sums = range(PLACES).map(p => total(range(C).map(c => at(maps, n, c, p))))
    const sign = Math.sign(total(map.map((each, p) => each * sums[p])))
    return map.map(each => each * sign)
  }
  for (const centered of [false, true]) {
    it(`projects on the first singular vector${centered ? ', centred' : ''}`, () => {
      expectEqual(
        compute(eigenCamRule(activations, { centered })),
        range(N).flatMap(n => byPower(n, centered))
      )
    })
  }

  it('is the same where channels outnumber places', () => {
    const wide = graphInput('a', [1, 8, 1, 3])
    const map = eigenCamRule(wide)
    const values = [...new RandomGenerator(3).uniform(24)]
    const feeds = { a: tensor(Float64Array.from(values), [1, 8, 1, 3], 'float64') }
    const [found] = [...interpret(collectGraph([wide], [{ name: 'y', value: map }]), feeds).y.data]
    // A v₁ is as long as the first singular value: its square is the largest eigenvalue of A Aᵀ.
    const gram = range(3).map(i =>
      range(3).map(j => total(range(8).map(c => values[c * 3 + i] * values[c * 3 + j])))
    )
    let u = [1, 1, 1]
    for (let i = 0; i < 200; i++) {
      const next = gram.map(row => total(row.map((each, j) => each * u[j])))
      u = next.map(each => each / Math.hypot(...next))
    }
    const eigenvalue = total(gram.map((row, i) => u[i] * total(row.map((each, j) => each * u[j]))))
    expect(found).toBeCloseTo(Math.sqrt(eigenvalue) * u[0], 8)
  })

  it('is zero for zero maps', () => {
    expect(
      compute(eigenCamRule(activations), Array<number>(N * C * PLACES).fill(0)).every(
        each => Math.abs(each) === 0
      )
    ).toBe(true)
  })
})
