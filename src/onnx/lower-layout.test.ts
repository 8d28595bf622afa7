// The layout pass's ops, run by ONNX Runtime, against the reference interpreter.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apply, constant } from '../ir/operand.js'
import type { Activation, LayoutOp, Value } from '../ir/ops.js'
import { imageSize, pair, reachOf, shapeOf } from '../ir/testing/arbitraries.js'
import type { DrawnCase, DrawnCases } from '../ir/testing/drawn-cases.js'
import { zeros } from '../tensor/tensor.js'
import { findBlock } from './testing/block-size.js'
import { expectAgreement } from './testing/expect-agreement.js'

const block = await findBlock()

const items = fc.integer({ min: 1, max: 3 })
const blocks = fc.integer({ min: 1, max: 2 }).map(count => count * block)
const image = fc
  .record({ items, channels: blocks, size: pair(1, 4) })
  .map(p => [p.items, p.channels, ...p.size])
const activation = fc.constantFrom<Activation>('none', 'relu', 'clip')

const placement = fc
  .record({
    kernel: pair(1, 3),
    stride: pair(1, 2),
    dilation: pair(1, 2),
    sides: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
    room: pair(0, 3)
  })
  .map(({ kernel, stride, dilation, sides: [top, left, bottom, right], room }) => ({
    kernel,
    size: imageSize(reachOf(kernel, dilation), [0, 0], room),
    window: { stride, dilation, padding: [top, left, bottom, right] as const }
  }))

/** A convolution with or without a sum, with `channels` in `groups`, of an image whose blocks the weight's memory says. */
function convolution(
  channels: fc.Arbitrary<number>,
  outputs: fc.Arbitrary<number> | 'depthwise',
  groups: fc.Arbitrary<number> = fc.constant(1)
): fc.Arbitrary<DrawnCase> {
  const drawn = fc.record({
    items,
    channels,
    outputs: outputs === 'depthwise' ? fc.constant(0) : outputs,
    groups,
    placement,
    activation,
    adds: fc.boolean()
  })
  return drawn.map(({ placement: { kernel, size, window }, ...p }) => {
    const isDepthwise = outputs === 'depthwise'
    const all = p.channels * p.groups
    const [to, perGroup] = isDepthwise ? [all, 1] : [p.outputs * p.groups, p.channels]
    const attributes = { ...window, groups: isDepthwise ? all : p.groups, block, activation: p.activation }
    const convolve = (x: Value, weight: Value, bias: Value): Value =>
      apply('blockedConv2d', [x, weight, bias], attributes)
    return {
      feeds: [{ shape: [p.items, all, ...size] }, { shape: [to, perGroup, ...kernel] }, { shape: [to] }],
      build: (x, weight, bias) => {
        const once = convolve(x, weight, bias)
        if (!p.adds) return once
        // The sum is another value, so that the kernel may write over it.
        const sum = apply('mul', [once, constant(zeros([]))], {})
        return apply('blockedConv2d', [x, weight, bias, apply('add', [sum, once], {})], attributes)
      }
    }
  })
}

const CASES: Readonly<Record<LayoutOp, DrawnCases>> = {
  take: {
    'any axis but the batch': fc
      .record({
        shape: shapeOf(2),
        axis: fc.nat(2),
        places: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 })
      })
      .map(({ shape, axis, places }) => {
        const along = 1 + (axis % (shape.length - 1))
        const within = places.map(place => place % Number(shape[along]))
        return { feeds: [{ shape }], build: x => apply('take', [x], { axis: along, places: within }) }
      })
  },
  toBlocked: {
    'any image': image.map(shape => ({ feeds: [{ shape }], build: x => apply('toBlocked', [x], { block }) }))
  },
  fromBlocked: {
    'any image': image.map(shape => ({
      feeds: [{ shape }],
      build: x => apply('fromBlocked', [x], { block })
    }))
  },
  blockedConv2d: {
    'a blocked image': convolution(blocks, blocks),
    'an image as it is': convolution(fc.integer({ min: 1, max: block - 1 }), blocks),
    'groups of blocks': convolution(blocks, blocks, fc.integer({ min: 2, max: 3 })),
    'each channel for itself': convolution(blocks, 'depthwise')
  },
  blockedMaxPool2d: {
    'any window': fc
      .record({ items, channels: blocks, placement })
      .map(({ placement: { kernel, size, window }, ...p }) => ({
        feeds: [{ shape: [p.items, p.channels, ...size] }],
        build: x =>
          apply('blockedMaxPool2d', [x], {
            ...window,
            // The runtime takes no more padding than the window covers.
            padding: window.padding.map((side, i) =>
              Math.min(side, kernel[i % 2] - 1)
            ) as unknown as typeof window.padding,
            kernel,
            block
          })
      }))
  },
  blockedMean: {
    'any image': image.map(shape => ({
      feeds: [{ shape }],
      build: x => apply('blockedMean', [x], { block })
    }))
  }
}

it('finds the block', () => expect([8, 16]).toContain(block))

describe.each(Object.entries(CASES))('%s', (_, cases) => {
  it.each(Object.entries(cases))('agrees with the reference: %s', (_name, drawn) =>
    fc.assert(fc.asyncProperty(drawn, fc.nat(100), expectAgreement), { numRuns: 40 })
  )
})
