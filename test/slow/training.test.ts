// Training of whole networks against torch: gradients of every parameter, losses of each step, final weights; with images in blocks,
// where the runtime has kernels for them, and without. See tools/training_goldens.py for the choice of settings.
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import {
  BatchNorm2d,
  cifar_resnet20,
  createEngine,
  createTrainer,
  init,
  manualSeed,
  randn,
  resnet18,
  sgd,
  type Engine,
  type Module,
  type Tensor,
  type Trainer
} from 'resnet-ts'
import { findModel } from 'resnet-ts/models'
import type { Batch } from 'resnet-ts/train'
import { withoutBlocks } from '../support/small-trainer.js'

/** A summary of a tensor. */
interface Sample {
  readonly elements: readonly number[]
  readonly largest: number
  readonly projection: number
  readonly length: number
}

interface Goldens {
  readonly gradients: {
    readonly networks: Readonly<
      Record<
        string,
        {
          readonly size: number
          readonly items: number
          readonly seed: number
          readonly shift: number | null
          readonly loss: number
          readonly noise: number
          /** Parameters whose gradient is zero apart from rounding. */
          readonly nothing: readonly string[]
          readonly gradients: Readonly<Record<string, Sample>>
        }
      >
    >
  }
  readonly losses: {
    readonly runs: Readonly<
      Record<
        string,
        {
          readonly size: number
          readonly items: number
          readonly lr: number
          readonly losses: readonly number[]
          readonly untrained: number
        }
      >
    >
  }
  readonly weights: {
    readonly lr: number
    readonly first: number
    readonly last: number
    readonly noise: number
    readonly weights: Readonly<Record<string, Sample>>
  }
}

function goldens<Name extends keyof Goldens>(name: Name): Goldens[Name] {
  return JSON.parse(
    readFileSync(new URL(`../goldens/training/${name}.json`, import.meta.url), 'utf8')
  ) as Goldens[Name]
}

function batchOf(seed: number, step: number, items: number, size: number, classes: number): Batch {
  manualSeed(seed)
  const labels = Array.from({ length: items }, (_, i) => (37 * (step * items + i) + 11) % classes)
  return { images: randn([items, 3, size, size]), labels }
}

/** The summary of our tensor. */
function sampleOf({ data }: Tensor, count: number): Sample {
  const values = Float64Array.from(data, Number)
  const stride = Math.max(1, Math.ceil(values.length / count))
  let [largest, projection, squares] = [0, 0, 0]
  for (const [i, value] of values.entries()) {
    largest = Math.max(largest, Math.abs(value))
    projection += (value * (((i * 37) % 101) - 50)) / 50
    squares += value * value
  }
  return {
    elements: Array.from(values).filter((_, i) => i % stride === 0),
    largest,
    projection,
    length: Math.sqrt(squares)
  }
}

/** The difference of two tensors, relative to the largest element. */
function distance(found: Sample, expected: Sample, size: number): number {
  const scale = expected.largest
  const elements = found.elements.map((value, i) => Math.abs(value - expected.elements[i]))
  expect(found.elements).toHaveLength(expected.elements.length)
  return Math.max(
    ...elements.map(each => each / scale),
    Math.abs(found.largest - expected.largest) / scale,
    // Independent errors of the elements add up with the square root of their number.
    Math.abs(found.length - expected.length) / (scale * Math.sqrt(size)),
    Math.abs(found.projection - expected.projection) / (scale * Math.sqrt(size))
  )
}

async function trainerOf(net: Module, lr: number, engine: Engine): Promise<Trainer> {
  return createTrainer(net, { engine, optimizer: sgd({ lr, momentum: 0.9, weightDecay: 1e-4 }) })
}

const LAYOUTS: readonly { readonly layout: string; readonly engine: Engine }[] = [
  { layout: 'in blocks', engine: createEngine() },
  { layout: 'as they are', engine: withoutBlocks(createEngine()) }
]
afterAll(() => Promise.all(LAYOUTS.map(({ engine }) => engine.dispose())))

describe.each(LAYOUTS)('the first gradients, with images $layout,', ({ engine }) => {
  it.each(Object.entries(goldens('gradients').networks))(
    "of every parameter of %s are torch's to 1e-4 of the largest",
    async (name, { size, items, seed, shift, loss, noise, nothing, gradients }) => {
      expect(noise).toBeLessThan(5e-5)
      manualSeed(0)
      const net = findModel(name).build({ numClasses: 1000 })
      for (const module of net.modules()) {
        if (shift !== null && module instanceof BatchNorm2d && module.bias) init.constant(module.bias, shift)
      }
      // After one step without weight decay the momentum buffer is the gradient.
      await using trainer = await createTrainer(net, { engine, optimizer: sgd({ lr: 0.1, momentum: 0.9 }) })
      const step = await trainer.step(batchOf(seed, seed, items, size, 1000))
      expect(Math.abs(step.loss - loss) / loss).toBeLessThan(1e-5)
      const { tensors } = await trainer.save()
      const largest = Math.max(...Object.values(gradients).map(each => each.largest))
      const far = Object.entries(gradients).flatMap(([key, expected]) => {
        const found = tensors.get(`optimizer/momentum_buffer/${key}`)
        if (!found) return [`${key} is missing`]
        if (nothing.includes(key)) {
          return sampleOf(found, 24).largest < 1e-5 * largest ? [] : [`${key} should be nothing`]
        }
        const apart = distance(sampleOf(found, 24), expected, found.size)
        return apart <= 1e-4 ? [] : [`${key}: ${apart}`]
      })
      expect(far).toEqual([])
      expect(Object.keys(gradients).sort()).toEqual(Array.from(net.namedParameters(), ([key]) => key).sort())
    },
    120_000
  )
})

describe.each(LAYOUTS)('the first 20 losses, with images $layout,', ({ engine }) => {
  it.each(Object.entries(goldens('losses').runs))(
    "of %s are torch's to 1e-4",
    async (_, { size, items, lr, losses, untrained }) => {
      manualSeed(0)
      await using trainer = await trainerOf(resnet18(), lr, engine)
      const batches = [0, 1].map(step => batchOf(step, step, items, size, 1000))
      const found: number[] = []
      for (let step = 0; step < losses.length; step++) {
        found.push((await trainer.step(batches[step % 2])).loss)
      }
      const apart = found.map((loss, i) => Math.abs(loss - losses[i]) / losses[i])
      expect(Math.max(...apart)).toBeLessThanOrEqual(1e-4)
      // A network that does not learn is far off.
      expect(Math.abs(untrained - losses[losses.length - 1]) / untrained).toBeGreaterThan(3e-3)
    },
    240_000
  )
})

describe.each(LAYOUTS)('cifar_resnet20, with images $layout,', ({ engine }) => {
  it("has torch's weights to 1e-3 after 100 steps", async () => {
    const { lr, first, last, noise, weights } = goldens('weights')
    manualSeed(0)
    await using trainer = await trainerOf(cifar_resnet20(), lr, engine)
    const batches = [0, 1, 2, 3].map(step => batchOf(step, step, 32, 32, 10))
    const found: number[] = []
    for (let step = 0; step < 100; step++) found.push((await trainer.step(batches[step % 4])).loss)
    expect(Math.abs(found[0] - first) / first).toBeLessThan(1e-5)
    expect(Math.abs(found[99] - last) / last).toBeLessThan(1e-3)
    expect(last).toBeLessThan(0.9 * first)
    const state = await trainer.stateDict()
    const far = Object.entries(weights).flatMap(([key, expected]) => {
      const tensor = state.get(key)
      if (!tensor) return [`${key} is missing`]
      const apart = distance(sampleOf(tensor, 24), expected, tensor.size)
      // Biases of normalisation layers start at zero and are still so small that even torch in float32 and in float64
      // differ by more than 1e-3.
      const tolerance = /bn\d\.bias$/.test(key) ? 2 * noise : 1e-3
      return apart <= tolerance ? [] : [`${key}: ${apart}`]
    })
    expect(far).toEqual([])
  }, 120_000)
})
