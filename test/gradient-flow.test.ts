// Recording the training of twins, compared with what other parts of the package compute.
import { describe, expect, it } from 'vitest'
import {
  add,
  cifar_resnet8,
  compile,
  Conv2d,
  Flatten,
  Linear,
  manualSeed,
  Module,
  relu,
  sgd,
  type Tensor,
  type Value
} from 'resnet-ts'
import { buildTwins, compareGradientFlow, recordGradientFlow } from 'resnet-ts/explain'
import type { ModelOptions } from 'resnet-ts/models'
import type { Batch, BatchSource } from 'resnet-ts/train'
import { expectClose } from './support/closeness.js'
import { engine } from './support/small-trainer.js'
import { bands, bitsOf, broken, CLASSES, manyBands } from './support/small-training.js'

const LR = 0.05
const optimizer = sgd({ lr: LR })
const BATCHES = 4
/** The rounding error of weights of about 1 in float32, divided by a learning rate of 0.05. */
const DIFFERENCE_TOLERANCE = 1e-4

/** Batches that differ from epoch to epoch. */
const train: BatchSource = {
  length: BATCHES,
  epoch: index => manyBands(BATCHES, 8, 1000 * (index + 1))
}
const heldOut: BatchSource = { length: 1, epoch: () => [bands(12, 7)] }

/** A user's network without normalisation, which computes the same in training as compiled. */
class Own extends Module {
  readonly conv1 = new Conv2d(1, 4, 3, { padding: 1 })
  readonly conv2 = new Conv2d(4, 4, 3, { padding: 1 })
  readonly conv3 = new Conv2d(4, 4, 3, { padding: 1 })
  readonly flat = new Flatten()
  readonly fc = new Linear(4 * 64, CLASSES)
  readonly residual: boolean

  constructor({ residual = true, seed = 5 } = {}) {
    manualSeed(seed)
    super()
    this.residual = residual
  }

  forward(x: Value): Value {
    let out = relu(this.conv1(x))
    for (const conv of [this.conv2, this.conv3]) {
      const f = conv(out)
      out = this.residual ? add(f, out) : f
    }
    return this.fc(this.flat(out))
  }
}

const weightOf = (net: Module, name: string): Float32Array => {
  const found = net.stateDict().get(name)?.data
  if (!(found instanceof Float32Array)) throw new TypeError(`there are no floats named ${name}`)
  return found
}
const norm = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value ** 2, 0))

/** Rows of a batch. */
function rowsOf({ data, shape: [count] }: Tensor<'float32'>): Float32Array[] {
  const size = data.length / count
  return Array.from({ length: count }, (_, i) => data.slice(i * size, (i + 1) * size))
}

describe('recordGradientFlow', () => {
  it('records gradient norms that equal the update of plain SGD', async () => {
    const net = new Own()
    const names = ['conv1.weight', 'conv2.weight', 'conv3.weight']
    const before = names.map(name => weightOf(net, name))
    const flow = await recordGradientFlow(net, { train, steps: 1, optimizer, engine })
    expect(flow.layers.map(({ parameter, depth }) => [parameter, depth])).toEqual(
      names.map((name, i) => [name, i + 1])
    )
    const moved = names.map((name, i) => {
      const after = weightOf(net, name)
      return norm(before[i].map((value, at) => (value - after[at]) / LR))
    })
    expectClose('gradients', flow.samples[0].gradients, moved, { tolerance: DIFFERENCE_TOLERANCE })
  })

  it('measures each block on the same images with the current weights', async () => {
    const steps = 5
    const flow = await recordGradientFlow(new Own(), { train, steps, every: 3, optimizer, engine })
    expect([flow.blocks, flow.samples.map(({ after }) => after)]).toEqual([
      ['add', 'add#2'],
      [0, 3, 4]
    ])
    const [{ images }] = train.epoch(0) as Batch[]
    for (const { after, blocks } of flow.samples) {
      const net = new Own()
      if (after > 0) await recordGradientFlow(net, { train, steps: after, optimizer, engine })
      const outputs = ['conv1', 'conv2', 'conv3'] as const
      await using run = await compile(net, { input: ['N', 1, 8, 8], outputs, engine })
      const { conv1, conv2, conv3 } = await run(images)
      const first = rowsOf(conv1).map(row => row.map(value => Math.max(0, value)))
      const second = rowsOf(conv2).map((row, i) => row.map((value, at) => value + first[i][at]))
      const expected = [
        [rowsOf(conv2), first],
        [rowsOf(conv3), second]
      ].map(([bodies, inputs]) => {
        const count = bodies.length
        const meanOf = (of: (i: number) => number): number =>
          bodies.reduce((sum, _, i) => sum + of(i), 0) / count
        return [
          meanOf(i => norm(bodies[i])),
          meanOf(i => norm(inputs[i])),
          meanOf(i => norm(bodies[i]) / norm(inputs[i]))
        ]
      })
      const found = blocks.flatMap(({ branch, shortcut, ratio }) => [branch, shortcut, ratio ?? NaN])
      expectClose(`after ${after} steps`, found, expected.flat())
    }
  })

  it('records F(x) = 0 initially for blocks with a zero-initialised last normalisation', async () => {
    manualSeed(0)
    const net = cifar_resnet8({ inChannels: 1, numClasses: CLASSES, zeroInitResidual: true })
    const { samples } = await recordGradientFlow(net, { train, steps: 3, every: 2, optimizer, engine })
    expect(samples[0].blocks.map(({ branch, ratio }) => [branch, ratio])).toEqual(Array(3).fill([0, 0]))
    for (const { shortcut } of samples[0].blocks) expect(shortcut).toBeGreaterThan(0)
    for (const { ratio } of samples[1].blocks) expect(ratio).toBeGreaterThan(0)
  })

  it('validates on held-out images after each epoch and at the end, without affecting training', async () => {
    const [watched, less] = [new Own(), new Own()]
    const all = { train, steps: BATCHES + 2, optimizer, engine }
    const flow = await recordGradientFlow(watched, { ...all, heldOut, every: 1 })
    expect(flow.heldOut.map(({ after }) => after)).toEqual([BATCHES, BATCHES + 2])
    for (const { accuracy } of flow.heldOut) expect(accuracy).toBeGreaterThan(1 / CLASSES)
    const { losses, samples } = await recordGradientFlow(less, { ...all, every: 100 })
    expect(samples.map(({ after }) => after)).toEqual([0, BATCHES + 1])
    expect(losses).toEqual(flow.losses)
    expect(bitsOf(watched.stateDict())).toEqual(bitsOf(less.stateDict()))
    expect(JSON.parse(JSON.stringify(flow))).toEqual(flow)
  })

  it('keeps the records when it is stopped, and when training diverges', async () => {
    const controller = new AbortController()
    const stopped = await recordGradientFlow(new Own(), {
      ...{ train, heldOut, epochs: 3, every: 1, optimizer, engine },
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step === 2) controller.abort()
      }
    })
    expect(stopped).toMatchObject({ ended: 'stopped', heldOut: [] })
    expect([stopped.losses.length, stopped.samples.length]).toEqual([2, 2])

    const spoilt: BatchSource = { length: 2, epoch: () => [bands(8, 1), broken(bands(8, 2))] }
    const net = new Own()
    const flow = await recordGradientFlow(net, { train: spoilt, every: 1, optimizer, engine })
    expect([flow.ended, flow.losses.length, flow.samples.length]).toEqual(['broken', 1, 1])
    expect(flow.fault).toMatch(/^Step 2: the loss is NaN/)
  })

  it.each([
    [{ epochs: 0 }, 'epochs: expected a whole number of at least 1, got 0'],
    [{ steps: 1.5 }, 'steps: expected a whole number of at least 1, got 1.5'],
    [{ train: { length: 0, epoch: () => [] } }, 'there are no batches to train on'],
    [{ train: { length: 1, epoch: () => [] } }, 'there are no batches to train on']
  ])('refuses %j', async (options, message) => {
    const run = recordGradientFlow(new Own(), { train, optimizer, engine, ...options })
    await expect(run).rejects.toThrow(message)
  })
})

describe('buildTwins', () => {
  it('gives the layers that twins share the same weights, whatever a shortcut draws', () => {
    // Option B projects with a convolution.
    const build = (options?: ModelOptions): Module => cifar_resnet8({ ...options, shortcut: 'B' })
    const { residual, plain, zeroInit } = buildTwins('mine', build, {
      seed: 3,
      zeroInit: true,
      numClasses: 4
    })
    const [all, some, zeroed] = [residual, plain, zeroInit ?? plain].map(net => bitsOf(net.stateDict()))
    const shared = Object.entries(all).filter(([name]) => !name.includes('downsample'))
    expect(some).toEqual(Object.fromEntries(shared))
    const differ = Object.keys(all).filter(name => zeroed[name] !== all[name])
    expect(differ).toHaveLength(3)
    for (const name of differ) expect(name).toMatch(/^layer\d\.0\.bn2\.weight$/)
  })
})

describe('compareGradientFlow', () => {
  it('trains a given pair on the same batches in the same order, each as if trained alone', async () => {
    const given: string[] = []
    const counted: BatchSource = {
      length: BATCHES,
      async *epoch(index) {
        for (const [i, batch] of manyBands(BATCHES, 8, 1000 * (index + 1)).entries()) {
          given.push(`${index}/${i}`)
          yield await Promise.resolve(batch)
        }
      }
    }
    const [plain, residual] = [new Own({ residual: false }), new Own()]
    const seen: string[] = []
    const options = { epochs: 2, every: 2, optimizer }
    const comparison = await compareGradientFlow([{ name: 'own', plain, residual }], {
      ...options,
      train: counted,
      classes: CLASSES,
      engines: [engine],
      onFlow: (_, { name, form }) => seen.push(`${name} ${form}`)
    })
    const order = [0, 1].flatMap(epoch => Array.from({ length: BATCHES }, (_, i) => `${epoch}/${i}`))
    // The first batch is read again to measure the blocks.
    expect(given).toEqual(['0/0', ...order, ...order])
    expect(seen).toEqual(['own plain', 'own residual'])
    const alone = async (net: Module): Promise<unknown> =>
      recordGradientFlow(net, { ...options, train, engine })
    expect(comparison).toEqual({
      twins: [
        { name: 'own', plain: await alone(new Own({ residual: false })), residual: await alone(new Own()) }
      ],
      steps: 2 * BATCHES,
      stepsPerEpoch: BATCHES,
      classes: CLASSES,
      finished: true
    })
  })

  it('refuses a network without shortcuts, and twins that both have shortcuts', async () => {
    const [plain, residual] = [new Own({ residual: false }), new Own()]
    const options = { train, steps: 1, optimizer, engines: [engine] }
    await expect(compareGradientFlow([{ name: 'mine', plain, residual: plain }], options)).rejects.toThrow(
      'mine has no shortcuts, no sum F(x) + x: it is its own plain twin'
    )
    await expect(compareGradientFlow([{ name: 'mine', plain: residual, residual }], options)).rejects.toThrow(
      'mine has 2 sums F(x) + x, and its plain twin 2: they cannot show what shortcuts do'
    )
  })

  it('ends with the error of the network that failed', async () => {
    const wrong: BatchSource = {
      length: 2,
      epoch: () => [bands(8, 1), { ...bands(8, 2), labels: Int32Array.from({ length: 8 }, () => CLASSES) }]
    }
    const twins = { name: 'own', plain: new Own({ residual: false }), residual: new Own() }
    const run = compareGradientFlow([twins], { train: wrong, optimizer, engines: [engine, engine] })
    await expect(run).rejects.toThrow(`has label ${CLASSES}`)
  })
})
