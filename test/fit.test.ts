// `fit`: its callbacks, and its use of batches.
import { describe, expect, it, vi } from 'vitest'
import { createLoader, digits, fit, sgd, toTensor } from 'resnet-ts'
import {
  NonFiniteError,
  startOfEpoch,
  type Batch,
  type BatchSource,
  type FitOptions,
  type TrainingPosition,
  type FitProgress
} from 'resnet-ts/train'
import { BATCHES, source, startRun, validation } from './support/small-fit.js'
import { start } from './support/small-trainer.js'
import { bitsOf, broken, linearNet, manyBands, oneHot } from './support/small-training.js'

describe('fit', () => {
  it('reports every batch and every epoch', async () => {
    const trainer = await startRun()
    const seen: FitProgress[] = []
    const measured: unknown[] = []
    const nexts: TrainingPosition[] = []
    const { epochs, position, finished } = await fit(trainer, {
      train: source(),
      validation,
      epochs: 2,
      onBatch: progress => void seen.push(progress),
      async onEpoch(record, next, evaluated) {
        nexts.push(next)
        const { loss, accuracy } = await trainer.evaluate(validation.epoch(0))
        measured.push({ loss, accuracy })
        expect(record.validation).toEqual({ loss, accuracy })
        expect(evaluated?.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(20)
      }
    })
    expect(finished).toBe(true)
    expect(position).toEqual(startOfEpoch(2))
    expect(nexts).toEqual([startOfEpoch(1), startOfEpoch(2)])
    expect(seen.map(({ position: { epoch, batch, images } }) => [epoch, batch, images])).toEqual(
      [0, 1].flatMap(epoch => [1, 2, 3, 4].map(batch => [epoch, batch, 8 * batch]))
    )
    expect(seen.every(progress => progress.epochs === 2 && progress.batches === BATCHES)).toBe(true)
    for (const [i, record] of epochs.entries()) {
      const results = seen.slice(i * BATCHES, (i + 1) * BATCHES).map(({ result }) => result)
      const mean = (of: (result: (typeof results)[number]) => number): number =>
        results.reduce((sum, result) => sum + of(result), 0) / BATCHES
      expect(record).toMatchObject({ epoch: i + 1, step: (i + 1) * BATCHES, validation: measured[i] })
      expect(record.learningRate).toBe(results[BATCHES - 1].learningRate)
      expect(record.train.loss).toBeCloseTo(
        mean(({ loss }) => loss),
        9
      )
      expect(record.train.accuracy).toBeCloseTo(
        mean(({ accuracy = NaN }) => accuracy),
        9
      )
    }
    expect(epochs[1].train.loss).toBeLessThan(epochs[0].train.loss)
  })

  it('weights the loss of a batch by its number of images', async () => {
    const trainer = await startRun()
    const losses: number[] = []
    const { epochs } = await fit(trainer, {
      train: { length: 2, epoch: () => [...manyBands(1, 12, 1), ...manyBands(1, 3, 9)] },
      epochs: 1,
      onBatch: ({ result }) => void losses.push(result.loss)
    })
    expect(epochs[0].train.loss).toBeCloseTo((12 * losses[0] + 3 * losses[1]) / 15, 9)
    expect(epochs[0].validation).toBeUndefined()
  })

  it('validates the moving average on request', async () => {
    const trainer = await startRun()
    const onEpoch = vi.fn<NonNullable<FitOptions['onEpoch']>>()
    await fit(trainer, { train: source(), validation, epochs: 1, averaged: true, onEpoch })
    const [[, , measured]] = onEpoch.mock.calls
    expect(measured).toEqual(await trainer.evaluate(validation.epoch(0), { averaged: true }))
    expect(measured).not.toEqual(await trainer.evaluate(validation.epoch(0)))
  })

  it('waits for callbacks', async () => {
    const trainer = await startRun()
    const order: string[] = []
    const slowly = async (what: string): Promise<void> => {
      order.push(`${what} begins`)
      await new Promise(resolve => setTimeout(resolve, 3))
      order.push(`${what} ends`)
    }
    const onEpoch = (): Promise<void> => slowly('epoch')
    await fit(trainer, { train: source(2), epochs: 1, onBatch: () => slowly('batch'), onEpoch })
    const once = (what: string): string[] => [`${what} begins`, `${what} ends`]
    expect(order).toEqual([...once('batch'), ...once('batch'), ...once('epoch')])
  })

  it("does not transfer the caller's batches, which the next epoch uses again", async () => {
    const batches = manyBands(2, 8, 3)
    const before = batches.map(({ images }) => images.data.slice())
    const shares = batches.map(({ images, labels }) => ({ images, labels: oneHot(labels) }))
    for (const held of [batches, shares]) {
      const train = { length: 2, epoch: () => held }
      const { epochs } = await fit(await startRun(), { train, validation: train, epochs: 3 })
      expect(epochs).toHaveLength(3)
      expect(epochs[2].train.loss).toBeLessThan(epochs[0].train.loss)
      expect(held.map(({ images }) => images.data)).toEqual(before)
    }
  })

  it('transfers the batches of a source that allows it, such as a loader', async () => {
    const given = manyBands(2, 8, 3)
    await fit(await startRun(), { train: { length: 2, transferable: true, epoch: () => given }, epochs: 1 })
    expect(given.map(({ images }) => images.data.length)).toEqual([0, 0])
    const loader = createLoader(await digits(), { batchSize: 8, transforms: [toTensor()], workers: 0 })
    expect(loader.transferable).toBe(true)
  })

  it('ends an epoch with fewer batches than announced', async () => {
    const trainer = await startRun()
    const short: BatchSource = { length: 5, epoch: () => manyBands(3, 8, 1) }
    const { epochs, finished, position } = await fit(trainer, { train: short, epochs: 2 })
    expect(epochs.map(({ step }) => step)).toEqual([3, 6])
    expect({ finished, position }).toEqual({ finished: true, position: startOfEpoch(2) })
  })

  it('asks for a loader where it is given a data set', async () => {
    const train = (await digits()) as unknown as BatchSource
    await expect(fit(await startRun(), { train, epochs: 1 })).rejects.toThrow(
      'fit: train: expected a loader such as createLoader(dataset, { batchSize: 32 }), got an object'
    )
  })

  it('has nothing to do beyond its last epoch', async () => {
    const trainer = await startRun()
    const result = await fit(trainer, { train: source(), epochs: 2, from: startOfEpoch(2) })
    expect(result).toEqual({ epochs: [], position: startOfEpoch(2), finished: true })
    expect(trainer.steps).toBe(0)
  })

  it('passes on that training diverged, and keeps the weights of the step before', async () => {
    const trainer = await start(linearNet(), { optimizer: sgd({ lr: 0.1 }) })
    const batches = (): Batch[] => manyBands(3, 6, 5).map((batch, i) => (i === 2 ? broken(batch) : batch))
    const fitting = fit(trainer, { train: { length: 3, epoch: batches }, epochs: 1 })
    await expect(fitting).rejects.toBeInstanceOf(NonFiniteError)
    await expect(fitting).rejects.toMatchObject({ step: 3 })
    const expected = await start(linearNet(), { optimizer: sgd({ lr: 0.1 }) })
    for (const batch of batches().slice(0, 2)) await expected.step(batch)
    expect(bitsOf(await trainer.stateDict())).toEqual(bitsOf(await expected.stateDict()))
  })
})
