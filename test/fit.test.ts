// The loop: what it tells of epochs, and that it can stop between any two batches and go on as if it had not.
import { describe, expect, it, vi } from 'vitest'
import {
  cosineLr,
  fit,
  NonFiniteError,
  sgd,
  startOf,
  type Batch,
  type BatchSource,
  type FitOptions,
  type FitResult,
  type Position,
  type Progress,
  type Trainer
} from 'resnet-ts'
import { start as startTrainer } from './support/small-trainer.js'
import { bitsOf, broken, convNet, linearNet, manyBands } from './support/small-training.js'

const BATCHES = 4
const EPOCHS = 3

/** Batches that differ from epoch to epoch; new ones each time, since their memory is given away. */
const source = (batches = BATCHES, size = 8): BatchSource => ({
  length: batches,
  epoch: (index, { from = 0 } = {}) => manyBands(batches, size, 1000 * (index + 1)).slice(from)
})
const validation: BatchSource = { length: 2, epoch: () => manyBands(2, 10, 77) }

const start = (): Promise<Trainer> =>
  startTrainer(convNet({ dropout: 0.2 }), {
    schedule: cosineLr(BATCHES * EPOCHS),
    ema: { decay: 0.7 },
    seed: 4
  })

/** What is left of a record when the clock is taken out. */
const timeless = ({ epochs }: FitResult): unknown[] =>
  epochs.map(({ seconds, imagesPerSecond, ...rest }) => {
    expect(seconds).toBeGreaterThan(0)
    expect(imagesPerSecond * seconds).toBeCloseTo(8 * BATCHES, 6)
    return rest
  })

/** Runs until so many batches are done, then stops by a signal. */
const stopAfter = (
  trainer: Trainer,
  batches: number,
  options: Partial<FitOptions> = {}
): Promise<FitResult> => {
  const stopping = new AbortController()
  let done = 0
  return fit(trainer, {
    train: source(),
    validation,
    epochs: EPOCHS,
    signal: stopping.signal,
    onBatch: () => {
      if (++done === batches) stopping.abort()
    },
    ...options
  })
}

describe('fit', () => {
  it('tells of every batch and every epoch', async () => {
    const trainer = await start()
    const seen: Progress[] = []
    const measured: unknown[] = []
    const nexts: Position[] = []
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
    expect(position).toEqual(startOf(2))
    expect(nexts).toEqual([startOf(1), startOf(2)])
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

  it('weighs the loss of a smaller batch by its images', async () => {
    const trainer = await start()
    const losses: number[] = []
    const { epochs } = await fit(trainer, {
      train: { length: 2, epoch: () => [...manyBands(1, 12, 1), ...manyBands(1, 3, 9)] },
      epochs: 1,
      onBatch: ({ result }) => void losses.push(result.loss)
    })
    expect(epochs[0].train.loss).toBeCloseTo((12 * losses[0] + 3 * losses[1]) / 15, 9)
    expect(epochs[0].validation).toBeUndefined()
  })

  it('measures the moving average where it is asked to', async () => {
    const trainer = await start()
    const onEpoch = vi.fn<NonNullable<FitOptions['onEpoch']>>()
    await fit(trainer, { train: source(), validation, epochs: 1, averaged: true, onEpoch })
    const [[, , measured]] = onEpoch.mock.calls
    expect(measured).toEqual(await trainer.evaluate(validation.epoch(0), { averaged: true }))
    expect(measured).not.toEqual(await trainer.evaluate(validation.epoch(0)))
  })

  it('waits for who listens', async () => {
    const trainer = await start()
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

  it('ends an epoch of fewer batches than were announced', async () => {
    const trainer = await start()
    const short: BatchSource = { length: 5, epoch: () => manyBands(3, 8, 1) }
    const { epochs, finished, position } = await fit(trainer, { train: short, epochs: 2 })
    expect(epochs.map(({ step }) => step)).toEqual([3, 6])
    expect({ finished, position }).toEqual({ finished: true, position: startOf(2) })
  })

  it('has nothing to do beyond its last epoch', async () => {
    const trainer = await start()
    const result = await fit(trainer, { train: source(), epochs: 2, from: startOf(2) })
    expect(result).toEqual({ epochs: [], position: startOf(2), finished: true })
    expect(trainer.steps).toBe(0)
  })

  it('passes on that training broke down, with the weights from before', async () => {
    const trainer = await startTrainer(linearNet(), { optimizer: sgd({ lr: 0.1 }) })
    const batches = (): Batch[] => manyBands(3, 6, 5).map((batch, i) => (i === 2 ? broken(batch) : batch))
    const fitting = fit(trainer, { train: { length: 3, epoch: batches }, epochs: 1 })
    await expect(fitting).rejects.toBeInstanceOf(NonFiniteError)
    await expect(fitting).rejects.toMatchObject({ step: 3 })
    const expected = await startTrainer(linearNet(), { optimizer: sgd({ lr: 0.1 }) })
    for (const batch of batches().slice(0, 2)) await expected.step(batch)
    expect(bitsOf(await trainer.stateDict())).toEqual(bitsOf(await expected.stateDict()))
  })
})

describe('a loop that was stopped', () => {
  const uninterrupted = async (): Promise<{ result: FitResult; tensors: Record<string, string> }> => {
    const trainer = await start()
    const result = await fit(trainer, { train: source(), validation, epochs: EPOCHS })
    return { result, tensors: bitsOf((await trainer.save()).tensors) }
  }

  it.each([1, 3, 4, 6, 8, 11, 12])(
    'after %d batches goes on elsewhere as if it had not been',
    async batches => {
      const { result, tensors } = await uninterrupted()
      const before = await start()
      const first = await stopAfter(before, batches)
      expect(first.finished).toBe(false)
      expect(first.position.epoch * BATCHES + first.position.batch).toBe(batches)
      expect(before.steps).toBe(batches)

      const after = await start()
      await after.restore(await before.save())
      // As it would be read from a file.
      const from = JSON.parse(JSON.stringify(first.position)) as Position
      const second = await fit(after, { train: source(), validation, epochs: EPOCHS, from })
      expect(second.finished).toBe(true)
      expect([...timeless(first), ...timeless(second)]).toEqual(timeless(result))
      expect(bitsOf((await after.save()).tensors)).toEqual(tensors)
    }
  )

  it('asks its source for the rest of the epoch alone, and hands it the signal', async () => {
    const trainer = await start()
    const epoch = vi.fn<BatchSource['epoch']>(source().epoch)
    const { signal } = new AbortController()
    const from = { ...startOf(1), batch: 3, images: 24, loss: 12, correct: 20, labelled: 24, seconds: 1 }
    const { epochs } = await fit(trainer, { train: { length: BATCHES, epoch }, epochs: EPOCHS, from, signal })
    expect(epoch.mock.calls).toEqual([
      [1, { from: 3, signal }],
      [2, { from: 0, signal }]
    ])
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [2, 1],
      [3, 5]
    ])
    expect(epochs[0].seconds).toBeGreaterThan(1)
  })

  it('ends with the batch that is under way, which is a whole step', async () => {
    const trainer = await start()
    const stopping = new AbortController()
    const { step } = trainer
    const stepping = vi.spyOn(trainer, 'step').mockImplementation((batch, options) => {
      const result = step.call(trainer, batch, options)
      if (stepping.mock.calls.length === 2) stopping.abort()
      return result
    })
    const onBatch = vi.fn()
    const { position, finished, epochs } = await fit(trainer, {
      train: source(),
      validation,
      epochs: EPOCHS,
      signal: stopping.signal,
      onBatch
    })
    expect({ finished, epochs }).toEqual({ finished: false, epochs: [] })
    expect(position).toMatchObject({ epoch: 0, batch: 2, images: 16 })
    expect(onBatch).toHaveBeenCalledTimes(2)
    expect(trainer.steps).toBe(2)
  })

  it('before it began has done nothing, and after its last epoch is done', async () => {
    const trainer = await start()
    const from = { ...startOf(1), batch: 2 }
    const stopped = await fit(trainer, { train: source(), epochs: 2, from, signal: AbortSignal.abort() })
    expect(stopped).toEqual({ epochs: [], position: from, finished: false })
    expect(trainer.steps).toBe(0)
    const stopping = new AbortController()
    const late = await fit(trainer, {
      train: source(),
      epochs: 1,
      signal: stopping.signal,
      onEpoch: () => stopping.abort()
    })
    expect(late).toMatchObject({ finished: true, position: startOf(1) })
    expect(late.epochs).toHaveLength(1)
  })
})
