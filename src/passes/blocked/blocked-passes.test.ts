// Whole training steps in blocks, against the same steps as they are: both on the reference interpreter, for random networks.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as F from '../../ir/functional/index.js'
import type { Graph } from '../../ir/graph.js'
import type { GraphNode, OpName, Value } from '../../ir/ops.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { Linear } from '../../nn/layers/linear.js'
import { BatchNorm2d, GroupNorm } from '../../nn/layers/normalisation.js'
import { crossEntropy } from '../../nn/losses.js'
import { Module } from '../../nn/module/module.js'
import { ModuleList } from '../../nn/layers/containers.js'
import { sgd } from '../../optim/sgd.js'
import { manualSeed } from '../../tensor/random/random.js'
import { trainingGraph } from '../../train/step/training-graph.js'
import { runPasses } from '../pass-lists.js'
import { TRAINING } from '../training-passes.js'
import { blockedPasses } from './blocked-passes.js'
import { expectSameNumbers } from './testing/same-numbers.js'

const BLOCK = 4

/** A block of a drawn network. */
interface Step {
  readonly channels: number
  readonly kernel: 1 | 3
  readonly stride: number
  readonly dilation: number
  readonly groups: number
  readonly bias: boolean
  readonly norm: 'batch' | 'frozen' | 'group' | 'none'
  readonly gate: 'none' | 'attention' | 'mask'
  readonly residual: boolean
  /** A shortcut without parameters where shapes change. */
  readonly cut: boolean
  readonly before: boolean
}

class Block extends Module {
  conv: Conv2d
  norm: BatchNorm2d | GroupNorm | undefined
  shortcut: Conv2d | undefined
  attention: Conv2d | undefined

  constructor(
    from: number,
    readonly step: Step
  ) {
    super()
    const { channels, kernel, stride, dilation, groups, bias, norm, residual, gate } = step
    const padding = ((kernel - 1) / 2) * dilation
    const options = {
      stride,
      dilation,
      padding,
      bias,
      groups: from % groups === 0 && channels % groups === 0 ? groups : 1
    }
    this.conv = new Conv2d(from, channels, kernel, options)
    if (norm === 'group') this.norm = new GroupNorm(2, channels)
    else if (norm !== 'none') this.norm = new BatchNorm2d(channels)
    const fits = stride === 1 && from === channels
    if (residual && !fits && !this.cuts(from))
      this.shortcut = new Conv2d(from, channels, 1, { stride, bias: false })
    if (gate === 'attention') this.attention = new Conv2d(channels, channels, 1)
  }

  private cuts(from: number): boolean {
    return this.step.cut && this.step.channels >= from
  }

  /** Every so many pixels, and channels of zeros. */
  private cut(x: Value): Value {
    const { stride, channels } = this.step
    const [, from, height, width] = x.shape.map(Number)
    const picked = F.slice(F.slice(x, 2, 0, height, stride), 3, 0, width, stride)
    return F.pad(picked, [0, 0, 0, 0, 0, channels - from])
  }

  override forward(x: Value): Value {
    const { residual, gate, before } = this.step
    let out = this.conv(before ? F.relu(x) : x)
    if (this.norm) out = this.norm(out)
    if (this.attention) {
      const squeezed = F.adaptiveAvgPool2d(out, 1)
      out = F.mul(out, F.sigmoid(this.attention(squeezed)))
    }
    if (gate === 'mask') out = F.mul(F.sigmoid(out), out)
    if (residual) out = F.add(out, this.shortcut ? this.shortcut(x) : this.cut(x))
    return before ? out : F.relu(out)
  }
}

class Net extends Module {
  blocks: ModuleList
  fc: Linear

  constructor(
    readonly steps: readonly Step[],
    readonly pool: 'none' | 'max' | 'max2' | 'average'
  ) {
    super()
    this.blocks = new ModuleList(steps.map((step, i) => new Block(i === 0 ? 3 : steps[i - 1].channels, step)))
    this.fc = new Linear(steps[steps.length - 1].channels, 3)
  }

  override forward(x: Value): Value {
    const { steps } = this
    let out = x
    for (const [i, block] of [...this.blocks].entries()) {
      out = block(out)
      if (i > 0 || this.pool === 'none') continue
      if (this.pool === 'max')
        out = F.maxPool2d(steps[0].before ? F.relu(out) : out, 3, { stride: 2, padding: 1 })
      if (this.pool === 'max2') out = F.maxPool2d(out, 2, { stride: 1 })
      if (this.pool === 'average') out = F.avgPool2d(out, 2, { stride: 1 })
    }
    return this.fc(F.flatten(F.adaptiveAvgPool2d(out, 1), 1))
  }
}

const step = fc.record<Step>({
  channels: fc.constantFrom(4, 8, 6, 16),
  kernel: fc.constantFrom(1, 3),
  stride: fc.constantFrom(1, 1, 2, 3),
  dilation: fc.constantFrom(1, 1, 2),
  groups: fc.constantFrom(1, 1, 1, 2, 4, 8),
  bias: fc.boolean(),
  norm: fc.constantFrom('batch', 'batch', 'frozen', 'group', 'none'),
  gate: fc.constantFrom('none', 'none', 'attention', 'mask'),
  residual: fc.boolean(),
  cut: fc.boolean(),
  before: fc.boolean()
})
const drawn = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  pool: fc.constantFrom<Net['pool']>('none', 'max', 'max2', 'average'),
  items: fc.integer({ min: 1, max: 5 }),
  size: fc.tuple(fc.integer({ min: 5, max: 9 }), fc.integer({ min: 5, max: 9 })),
  seed: fc.nat(1000)
})

const countOf = ({ values }: Graph, op: OpName): number =>
  values.filter(({ origin }) => origin.kind === 'node' && origin.op === op).length

/** A step of a network, as it is and in blocks. */
function bothForms(net: Module, input: readonly number[]): readonly [plain: Graph, blocked: Graph] {
  const options = { loss: crossEntropy(), optimizer: sgd({ lr: 0.1, momentum: 0.9 }), settings: new Map() }
  const plain = runPasses(TRAINING, trainingGraph(net, { input, ...options }).graph)
  return [plain, runPasses(blockedPasses(BLOCK), plain)]
}

const USUAL: Step = {
  channels: 8,
  kernel: 3,
  stride: 1,
  dilation: 1,
  groups: 1,
  bias: false,
  norm: 'batch',
  gate: 'none',
  residual: true,
  cut: false,
  before: false
}

describe('blockedPasses', () => {
  it('computes the same step for random networks', () => {
    fc.assert(
      fc.property(drawn, ({ steps, pool, items, size, seed }) => {
        manualSeed(seed)
        const net = new Net(steps, pool).train()
        for (const block of net.blocks)
          if (block instanceof Block && block.step.norm === 'frozen') block.norm?.eval()
        const [plain, blocked] = bothForms(net, [items + 1, 3, ...size])
        expectSameNumbers(plain, blocked, seed)
      }),
      { numRuns: 60 }
    )
  }, 120_000)

  it('leaves no image of a residual block as it is', () => {
    manualSeed(1)
    const [, blocked] = bothForms(
      new Net([{ ...USUAL, residual: false }, USUAL], 'max').train(),
      [2, 3, 16, 16]
    )
    for (const op of [
      'conv2d',
      'convTranspose2d',
      'conv2dWeight',
      'batchNorm',
      'maxUnpool2d',
      'relu'
    ] as const)
      expect([op, countOf(blocked, op)]).toEqual([op, 0])
  })

  it('keeps of a convolution only its result without the mean, which both directions of a normalisation read', () => {
    manualSeed(1)
    const [, blocked] = bothForms(
      new Net([{ ...USUAL, residual: false }, USUAL], 'none').train(),
      [2, 3, 8, 8]
    )
    const nodes = blocked.values.flatMap(({ origin }) => (origin.kind === 'node' ? [origin] : []))
    const convolved = blocked.values.filter(({ shape, origin }) => {
      const node =
        origin.kind === 'node' && origin.op === 'blockedConv2d'
          ? (origin as GraphNode<'blockedConv2d'>)
          : undefined
      return node?.attributes.groups === 1 && shape.join() === '2,8,8,8'
    })
    const forward = convolved.slice(0, 2)
    const users = forward.map(value =>
      nodes.filter(({ inputs }) => inputs.includes(value as never)).map(({ op }) => op)
    )
    expect(users).toEqual([
      ['blockedMean', 'blockedConv2d'],
      ['blockedMean', 'blockedConv2d']
    ])
  })
})
