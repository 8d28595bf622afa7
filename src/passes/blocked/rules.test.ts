// Each rule on its own: what it makes of an op between two convolutions, that it computes the same, and that the op itself is gone.
import { describe, expect, it } from 'vitest'
import * as F from '../../ir/functional/index.js'
import { collectGraph, type Graph } from '../../ir/graph.js'
import { apply, graphInput } from '../../ir/operand.js'
import type { OpName, Value } from '../../ir/ops.js'
import { blockedPasses } from './blocked-passes.js'
import { expectSameNumbers } from './testing/same-numbers.js'

const BLOCK = 4
const CHANNELS = 8
const ITEMS = 3
const SIDE = 6

/** What a rule may use: images in blocks, and numbers by their shapes. */
interface Given {
  readonly image: Value
  readonly other: Value
  numbers(name: string, shape: readonly number[]): Value
}

/** A graph around an op, as it is and in blocks. */
function bothForms(op: (given: Given) => Value): readonly [plain: Graph, blocked: Graph] {
  const inputs: Value[] = []
  const numbers = (name: string, shape: readonly number[]): Value => {
    const value = graphInput(name, shape)
    inputs.push(value)
    return value
  }
  const convolved = (name: string): Value =>
    F.conv2d(
      numbers(name, [ITEMS, CHANNELS, SIDE, SIDE]),
      numbers(`${name} weight`, [CHANNELS, CHANNELS, 1, 1])
    )
  const y = op({ image: convolved('x'), other: convolved('y'), numbers })
  const graph = collectGraph(inputs, [{ name: 'out', value: y }])
  return [graph, blockedPasses(BLOCK).reduce((rewritten, pass) => pass(rewritten), graph)]
}

const opsOf = ({ values }: Graph): OpName[] =>
  values.flatMap(({ origin }) => (origin.kind === 'node' ? [origin.op] : []))

const channel = (shape: readonly number[]) => (given: Given) => given.numbers('each', shape)
const PER_CHANNEL = [1, CHANNELS, 1, 1]
const PER_ITEM = [ITEMS, CHANNELS, 1, 1]
const WINDOW = { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1], dilation: [1, 1] } as const
const UNPADDED = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] } as const
const AXES = { axes: [0, 2, 3], keepDims: true } as const

/** An op, what is computed, and which ops it becomes in place of its own. */
type Case = readonly [name: string, compute: (given: Given) => Value, gone: readonly OpName[]]

const CASES: readonly Case[] = [
  [
    'conv2d',
    ({ image, numbers }) => F.conv2d(image, numbers('w', [4, CHANNELS, 3, 3]), undefined, { padding: 1 }),
    ['conv2d']
  ],
  [
    'conv2d with a bias',
    ({ image, numbers }) =>
      F.conv2d(image, numbers('w', [4, CHANNELS, 3, 3]), numbers('b', [4]), { stride: 2 }),
    ['conv2d']
  ],
  [
    'conv2d of single pixels',
    ({ image, numbers }) => F.conv2d(image, numbers('w', [4, CHANNELS, 1, 1]), undefined, { stride: 2 }),
    ['conv2d']
  ],
  ...([1, 2, 4, 8] as const).map((size): Case => [
    `conv2d in groups of ${size}`,
    ({ image, numbers }: Given) =>
      F.conv2d(image, numbers('w', [CHANNELS, size, 3, 3]), undefined, { groups: CHANNELS / size }),
    ['conv2d']
  ]),
  ...([2, 4, 8] as const).map((size): Case => [
    `convTranspose2d in groups of ${size}`,
    ({ image, numbers }: Given) => {
      const attributes = { ...UNPADDED, groups: CHANNELS / size, size: [SIDE + 2, SIDE + 2] } as const
      return apply('convTranspose2d', [image, numbers('w', [CHANNELS, size, 3, 3])], attributes)
    },
    ['convTranspose2d']
  ]),
  [
    'conv2d of few channels',
    ({ image, numbers }) =>
      F.add(
        F.conv2d(numbers('z', [ITEMS, 3, SIDE, SIDE]), numbers('w', [CHANNELS, 3, 3, 3]), undefined, {
          padding: 1
        }),
        image
      ),
    ['conv2d', 'add']
  ],
  ['relu', ({ image }) => F.relu(image), []],
  ['add', ({ image, other }) => F.add(image, other), []],
  ['add per channel', given => F.add(given.image, channel(PER_CHANNEL)(given)), ['add']],
  ['add per item and channel', given => F.add(given.image, channel(PER_ITEM)(given)), ['add']],
  ['mul', ({ image, other }) => F.mul(image, other), []],
  ['mul by a number', ({ image }) => F.mul(image, 3), []],
  ['mul per channel', given => F.mul(given.image, channel(PER_CHANNEL)(given)), ['mul']],
  ['mul per item and channel', given => F.mul(given.image, channel(PER_ITEM)(given)), ['mul']],
  ['heaviside', ({ image }) => apply('heaviside', [image], {}), ['heaviside']],
  ['mean over places', ({ image }) => F.mean(image, [2, 3]), ['mean']],
  ['sum of a product', ({ image, other }) => F.sum(F.mul(image, other), [0, 2, 3]), []],
  ['sum of an image', ({ image }) => F.sum(image, [0, 2, 3]), []],
  ['variance', ({ image }) => apply('variance', [image], AXES), ['variance']],
  [
    'batchNorm in evaluation mode',
    ({ image, numbers }) => {
      const [scale, shift, mean, spread] = ['scale', 'shift', 'mean', 'spread'].map(name =>
        numbers(name, [CHANNELS])
      )
      return apply('batchNorm', [image, scale, shift, mean, F.mul(spread, spread)], { eps: 1e-5 })
    },
    ['batchNorm']
  ],
  [
    'batchNorm in training mode',
    ({ image, numbers }) => {
      const [scale, shift] = ['scale', 'shift'].map(name => numbers(name, [CHANNELS]))
      const statistics = (['mean', 'variance'] as const).map(op =>
        F.reshape(apply(op, [image], AXES), [CHANNELS])
      )
      return apply('batchNorm', [image, scale, shift, statistics[0], statistics[1]], { eps: 1e-5 })
    },
    ['batchNorm', 'variance']
  ],
  ['slice of every second row', ({ image }) => F.slice(image, 2, 0, SIDE, 2), ['slice']],
  ['slice of every third column', ({ image }) => F.slice(image, 3, 0, SIDE - 2, 3), ['slice']],
  ['slice of channels', ({ image }) => F.slice(image, 1, 2, 6), ['slice']],
  ['pad with channels', ({ image }) => F.pad(image, [0, 0, 0, 0, 1, 3]), ['pad']],
  ['maxPool2d', ({ image }) => F.maxPool2d(image, 2, { stride: 1 }), ['maxPool2d']],
  [
    'maxPool2d of the stem',
    ({ image }) => F.maxPool2d(F.relu(image), 3, { stride: 2, padding: 1 }),
    ['maxPool2d']
  ],
  [
    'maxUnpool2d of the stem',
    ({ image, numbers }) => {
      const weight = numbers('w', [CHANNELS, CHANNELS, 1, 1])
      const slope = F.conv2d(numbers('g', [ITEMS, CHANNELS, SIDE / 2, SIDE / 2]), weight)
      const x = F.relu(image)
      const mask = apply('heaviside', [F.maxPool2d(x, 3, { stride: 2, padding: 1 })], {})
      return apply('maxUnpool2d', [x, F.mul(mask, slope)], WINDOW)
    },
    ['maxUnpool2d']
  ]
]

describe('a rule computes the same in blocks, without a move between the layouts:', () => {
  it.each<Case>(CASES)('%s', (_, op, gone) => {
    const [plain, blocked] = bothForms(op)
    expectSameNumbers(plain, blocked, 1)
    const ops = opsOf(blocked)
    expect(gone.filter(each => ops.includes(each))).toEqual([])
    // The two images and their weights go in; one image at most comes out.
    expect(ops.filter(each => each === 'fromBlocked').length).toBeLessThanOrEqual(1)
  })

  it('leaves the gradient of a pooling that is not 0 where the pooling is: it goes to a place of the image, never to the padding', () => {
    const [plain, blocked] = bothForms(({ image, numbers }) => {
      const slope = numbers('g', [ITEMS, CHANNELS, SIDE / 2, SIDE / 2])
      return apply('maxUnpool2d', [F.relu(image), slope], WINDOW)
    })
    expectSameNumbers(plain, blocked, 1)
  })
})
