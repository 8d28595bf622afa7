// The arithmetic around the runs: patch positions, channel weights, pixel maps, chosen classes.
import { describe, expect, it } from 'vitest'
import { collectGraph } from '../ir/graph.js'
import { graphInput } from '../ir/operand.js'
import { interpret } from '../ir/testing/interpret.js'
import { tensor } from '../tensor/tensor.js'
import { askedClasses, chosenOf, hasTies, probabilities, settledClasses } from './chosen-class.js'
import { mostVaried, weightedMap } from './cam/score-cam.js'
import { ExplainError } from './explanation.js'
import { clippedAt, summedChannels } from './integrated-gradients.js'
import { itemsOf, joined } from './items.js'
import { coveredMeans, patchesOf } from './occlusion.js'

describe('patches', () => {
  it('cover the whole image, cropped at its edges', () => {
    const { down, across } = patchesOf({ height: 5, width: 4 }, { patch: 2, stride: 2 })
    expect(down).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 4 },
      { start: 4, end: 5 }
    ])
    expect(across).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 4 }
    ])
  })

  it('average at each pixel over the patches that cover it', () => {
    const patches = patchesOf({ height: 1, width: 4 }, { patch: 1, stride: 1 })
    expect([...coveredMeans(tensor([1, 2, 3, 4], [1, 1, 4]), patches, { height: 1, width: 4 }).data]).toEqual(
      [1, 2, 3, 4]
    )
    const wide = patchesOf({ height: 2, width: 3 }, { patch: 2, stride: 1 })
    const means = coveredMeans(tensor([1, 5, 2, 4], [2, 1, 2]), wide, { height: 2, width: 3 })
    expect([...means.data]).toEqual([1, 3, 5, 1, 3, 5, 2, 3, 4, 2, 3, 4])
  })

  it('lie within the image, without gaps', () => {
    const of = (patch: number, stride: number) => () => patchesOf({ height: 4, width: 4 }, { patch, stride })
    expect(of(5, 1)).toThrow(new ExplainError("patch: 5 pixels are more than the image's 4 × 4"))
    expect(of(2, 3)).toThrow(/leaves gaps/)
  })
})

describe('channels of Score-CAM', () => {
  const planes = [tensor([1, 1], [1, 2]), tensor([0, 4], [1, 2]), tensor([2, 3], [1, 2])]
  it('are those with the largest variance, in the network’s order', () => {
    expect(mostVaried(planes)).toEqual(planes)
    expect(mostVaried(planes, 2)).toEqual(planes.slice(1))
    expect(mostVaried(planes, 1)).toEqual([planes[1]])
  })

  it('are summed without negative values', () => {
    const [a, b, c] = planes
    expect(weightedMap([b, c], [0.5, -1])).toEqual(tensor([0, 0], [1, 1, 2]))
    expect(weightedMap([a, b], [0.5, 0.25])).toEqual(tensor([0.5, 1.5], [1, 1, 2]))
  })
})

describe('maps of pixels', () => {
  it('are summed over channels', () => {
    expect([...summedChannels(tensor([1, 2, 3, -4, 5, 6, 7, 8], [2, 2, 1, 2])).data]).toEqual([4, -2, 12, 14])
  })

  it('are clipped to a quantile of their own positive values', () => {
    const clipped = clippedAt(tensor([-9, 1, 2, 3, 4, 100, -1, -2, -3, -4, -5, -6], [2, 2, 3]), 0.6)
    expect([...clipped.data]).toEqual([-9, 1, 2, 3, 4, 4, -1, -2, -3, -4, -5, -6])
  })
})

describe('the class', () => {
  const logits = tensor([1, 3, 2, 5, 5, 0], [2, 3])
  it('is that of the largest logit by default, or the given one', () => {
    const [l, asked] = [graphInput('l', [2, 3]), graphInput('q', [2, 3])]
    const graph = collectGraph([l, asked], [{ name: 'chosen', value: chosenOf(l, asked) }])
    const rows = tensor([0, 0, 0, 0, 0, 1], [2, 3])
    expect([...interpret(graph, { l: logits, q: rows }).chosen.data]).toEqual([0, 1, 0, 0, 0, 1])
  })

  it('is the first of equal logits, which the graph does not distinguish', () => {
    expect(settledClasses([-1, -1], logits)).toEqual([1, 0])
    expect(settledClasses([2, -1], logits)).toEqual([2, 0])
    expect(hasTies([-1, -1], logits)).toBe(true)
    expect(hasTies([-1, 0], logits)).toBe(false)
  })

  it('has a probability', () => {
    const [p] = probabilities(tensor([1000, 1000 + Math.log(3)], [1, 2]), [1])
    expect(p).toBeCloseTo(0.75, 4)
    const [own] = probabilities(tensor([1000, Math.log(3)], [1, 2]), [1], { multiLabel: true })
    expect(own).toBeCloseTo(0.75, 6)
  })

  it('is one for all, or one for each', () => {
    expect(askedClasses({}, 2, 3)).toEqual([-1, -1])
    expect(askedClasses({ classIndex: 2 }, 2, 3)).toEqual([2, 2])
    expect(askedClasses({ classIndex: [0, 1] }, 2, 3)).toEqual([0, 1])
    for (const classIndex of [3, -1, 0.5, NaN]) {
      expect(() => askedClasses({ classIndex }, 1, 3)).toThrow(ExplainError)
    }
  })
})

describe('parts of a batch', () => {
  it('are split and concatenated again', () => {
    const batch = tensor([1, 2, 3, 4, 5, 6], [3, 1, 2])
    const parts = [itemsOf(batch, 0, 2), itemsOf(batch, 2, 1)]
    expect(parts.map(({ shape }) => shape)).toEqual([
      [2, 1, 2],
      [1, 1, 2]
    ])
    expect(joined(parts)).toEqual(batch)
  })
})
