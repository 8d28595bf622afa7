// `fit` can stop between any two batches and resume as if it had not.
import { describe, expect, it, vi } from 'vitest'
import {
  fit,
  startOfEpoch,
  type Batch,
  type BatchSource,
  type FitOptions,
  type FitResult,
  type TrainingPosition,
  type Trainer
} from 'resnet-ts/train'
import { BATCHES, EPOCHS, source, startRun, validation } from './support/small-fit.js'
import { bands, bitsOf, manyBands } from './support/small-training.js'

/** A record without its timings. */
const timeless = ({ epochs }: FitResult): unknown[] =>
  epochs.map(({ seconds, imagesPerSecond, ...rest }) => {
    expect(seconds).toBeGreaterThan(0)
    expect(imagesPerSecond * seconds).toBeCloseTo(8 * BATCHES, 6)
    return rest
  })

/** Runs a number of batches, then aborts. */
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

describe('an aborted fit', () => {
  const uninterrupted = async (): Promise<{ result: FitResult; tensors: Record<string, string> }> => {
    const trainer = await startRun()
    const result = await fit(trainer, { train: source(), validation, epochs: EPOCHS })
    return { result, tensors: bitsOf((await trainer.save()).tensors) }
  }

  it.each([1, 3, 4, 6, 8, 11, 12])(
    'after %d batches goes on elsewhere as if it had not been',
    async batches => {
      const { result, tensors } = await uninterrupted()
      const before = await startRun()
      const first = await stopAfter(before, batches)
      expect(first.finished).toBe(false)
      expect(first.position.epoch * BATCHES + first.position.batch).toBe(batches)
      expect(before.steps).toBe(batches)

      const after = await startRun()
      await after.restore(await before.save())
      // Serialised, as in a checkpoint.
      const from = JSON.parse(JSON.stringify(first.position)) as TrainingPosition
      const second = await fit(after, { train: source(), validation, epochs: EPOCHS, from })
      expect(second.finished).toBe(true)
      expect([...timeless(first), ...timeless(second)]).toEqual(timeless(result))
      expect(bitsOf((await after.save()).tensors)).toEqual(tensors)
    }
  )

  it('requests only the rest of the epoch from its source, and passes on the signal', async () => {
    const trainer = await startRun()
    const epoch = vi.fn<BatchSource['epoch']>(source().epoch)
    const { signal } = new AbortController()
    const from = { ...startOfEpoch(1), batch: 3, images: 24, loss: 12, correct: 20, labelled: 24, seconds: 1 }
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

  it('stops at once during validation, and repeats it when it resumes', async () => {
    const { result, tensors } = await uninterrupted()
    const before = await startRun()
    const stopping = new AbortController()
    let measured = 0
    const long: BatchSource = {
      length: 2,
      async *epoch(index) {
        for (const batch of validation.epoch(index) as Iterable<Batch>) {
          measured++
          yield batch
          // In the second epoch.
          if (measured === 3) stopping.abort()
        }
      }
    }
    const onEpoch = vi.fn()
    const first = await fit(before, {
      train: source(),
      validation: long,
      epochs: EPOCHS,
      signal: stopping.signal,
      onEpoch
    })
    expect(first).toMatchObject({ finished: false, position: { epoch: 1, batch: BATCHES } })
    expect(first.epochs).toHaveLength(1)
    expect(onEpoch).toHaveBeenCalledTimes(1)
    const after = await startRun()
    await after.restore(await before.save())
    const from = first.position
    const second = await fit(after, { train: source(), validation, epochs: EPOCHS, from })
    expect([...timeless(first), ...timeless(second)]).toEqual(timeless(result))
    expect(bitsOf((await after.save()).tensors)).toEqual(tensors)
  })

  it('passes the signal to the validation source, and discards a partial validation', async () => {
    const stopping = new AbortController()
    const epoch = vi.fn<BatchSource['epoch']>((_, { signal } = {}) => {
      stopping.abort()
      // An aborted loader ends early without an error.
      return signal?.aborted ? manyBands(1, 10, 77) : manyBands(2, 10, 77)
    })
    const { signal } = stopping
    const trainer = await startRun()
    const stopped = await fit(trainer, {
      train: source(),
      validation: { length: 2, epoch },
      epochs: 1,
      signal
    })
    expect(epoch.mock.calls).toEqual([[0, { signal }]])
    expect(stopped).toMatchObject({ epochs: [], finished: false })
  })

  it('passes on errors of validation', async () => {
    const trainer = await startRun()
    const wrong = { length: 1, epoch: () => [{ images: bands(2, 1).images, labels: [0, 7] }] }
    await expect(fit(trainer, { train: source(), validation: wrong, epochs: 1 })).rejects.toThrow('label 7')
  })

  it('finishes the current batch', async () => {
    const trainer = await startRun()
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

  it('does nothing if aborted before it starts, and is finished if aborted after its last epoch', async () => {
    const trainer = await startRun()
    const from = { ...startOfEpoch(1), batch: 2 }
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
    expect(late).toMatchObject({ finished: true, position: startOfEpoch(1) })
    expect(late.epochs).toHaveLength(1)
  })
})
