// `fit` with gradient accumulation.
import { describe, expect, it } from 'vitest'
import { fit, startOfEpoch, TrainError, type BatchSource } from 'resnet-ts/train'
import { start } from './support/small-trainer.js'
import { bitsOf, linearNet, manyBands } from './support/small-training.js'

const source = (batches: number): BatchSource => ({
  length: batches,
  epoch: index => manyBands(batches, 8, 100 * index)
})

describe('fit with accumulate', () => {
  it('refuses a run with too few batches for one step', async () => {
    const trainer = await start(linearNet(), { accumulate: 9 })
    const before = bitsOf((await trainer.save()).tensors)
    const fitting = fit(trainer, { train: source(4), epochs: 2 })
    await expect(fitting).rejects.toThrow(TrainError)
    await expect(fitting).rejects.toThrow(
      'accumulate: 9 batches make one step, but the run has 8 (4 an epoch, epochs: 2), so it would never update the weights'
    )
    expect(bitsOf((await trainer.save()).tensors)).toEqual(before)
    await fit(trainer, { train: source(4), epochs: 3 })
    expect(trainer.steps).toBe(1)
  })

  it('carries the batches of an incomplete step into the next epoch', async () => {
    const trainer = await start(linearNet(), { accumulate: 3 })
    const { epochs } = await fit(trainer, { train: source(4), epochs: 3 })
    expect(epochs.map(({ step }) => step)).toEqual([1, 2, 4])
  })

  it('keeps those at the end for a longer run, without making a step', async () => {
    const short = await start(linearNet(), { accumulate: 3 })
    await fit(short, { train: source(4), epochs: 1 })
    const saved = await short.save()
    expect({ steps: saved.steps, batches: saved.batches }).toEqual({ steps: 1, batches: 4 })
    const longer = await start(linearNet(), { accumulate: 3 })
    await longer.restore(saved)
    await fit(longer, { train: source(4), epochs: 3, from: startOfEpoch(1) })
    const whole = await start(linearNet(), { accumulate: 3 })
    await fit(whole, { train: source(4), epochs: 3 })
    expect(bitsOf((await longer.save()).tensors)).toEqual(bitsOf((await whole.save()).tensors))
  })
})
