// The state of a trainer: saving and restoring it exactly, and evaluating without changing it.
import { describe, expect, it } from 'vitest'
import { compile, cosineLr, sgd, type Module, type Optimizer, type Tensor } from 'resnet-ts'
import { adam, constantLr } from 'resnet-ts/optim'
import { TrainError, type Batch } from 'resnet-ts/train'
import { engine, LAYOUTS, optimizer, steps } from './support/small-trainer.js'
import { bands, bitsOf, CLASSES, convNet, linearNet, manyBands, oneHot } from './support/small-training.js'

describe.each(LAYOUTS)('a saved state, with images $layout', ({ start }) => {
  const batches = manyBands(7, 8)
  const kinds: [string, Optimizer][] = [
    ['sgd with momentum', optimizer],
    ['adam', adam({ lr: 0.01 })]
  ]

  it.each(kinds)('resumes exactly in the middle of an accumulated step, with %s', async (_, kind) => {
    const options = {
      optimizer: kind,
      ema: { decay: 0.8 },
      accumulate: 2,
      schedule: cosineLr(4),
      seed: 11,
      clipNorm: 1
    }
    const whole = await start(convNet({ dropout: 0.3 }), options)
    const expected = await steps(whole, batches)

    const before = await start(convNet({ dropout: 0.3 }), options)
    await steps(before, batches.slice(0, 3))
    const saved = await before.save()
    expect({ steps: saved.steps, batches: saved.batches }).toEqual({ steps: 1, batches: 3 })
    await steps(before, batches.slice(3, 5))
    const after = await start(convNet({ seed: 99, dropout: 0.3 }), options)
    await after.restore(saved)
    const found = await steps(after, batches.slice(3))
    expect(found.map(({ loss, step, updated }) => ({ loss, step, updated }))).toEqual(
      expected.slice(3).map(({ loss, step, updated }) => ({ loss, step, updated }))
    )
    expect(bitsOf((await after.save()).tensors)).toEqual(bitsOf((await whole.save()).tensors))
    expect(bitsOf(await after.averagedStateDict())).toEqual(bitsOf(await whole.averagedStateDict()))
  })

  it('is refused by another network and another optimiser, which do not change', async () => {
    const saved = await (await start(convNet())).save()
    const other = await start(linearNet(), { schedule: constantLr() })
    const before = bitsOf((await other.save()).tensors)
    await expect(other.restore(saved)).rejects.toThrow(TrainError)
    await expect(other.restore(saved)).rejects.toThrow('fc.weight is [3, 1024], not [3, 64]')
    expect(bitsOf((await other.save()).tensors)).toEqual(before)
    const plain = await start(convNet(), { optimizer: sgd({ lr: 1 }) })
    await expect(plain.restore(saved)).rejects.toThrow('optimizer/momentum_buffer/conv.weight is not known')
  })
})

describe.each(LAYOUTS)('evaluate, with images $layout', ({ start }) => {
  const batches = [bands(9, 40, 0.3), bands(9, 41, 0.3), bands(4, 42, 0.3)]
  const images = 22

  /** Each image's label, predicted class and loss, from a compiled network. */
  const measured = async (net: Module): Promise<{ label: number; found: number; loss: number }[]> => {
    const run = await compile(net, { input: ['N', 1, 8, 8], engine })
    const outputs: Tensor[] = []
    for (const batch of batches) outputs.push(await run(batch.images))
    return outputs.flatMap(({ data }, i) =>
      Array.from(batches[i].labels, (label, place) => {
        const row = Array.from(data.slice(place * CLASSES, (place + 1) * CLASSES), Number)
        const total = row.reduce((sum, each) => sum + Math.exp(each), 0)
        return { label, found: row.indexOf(Math.max(...row)), loss: Math.log(total) - row[label] }
      })
    )
  }

  it('equals the compiled network on each image', async () => {
    const net = convNet({ dropout: 0.5 })
    const trainer = await start(net)
    await steps(trainer, manyBands(2, 8))
    const onBatch: number[] = []
    const found = await trainer.evaluate(batches, { onBatch: count => onBatch.push(count) })
    await trainer.stateDict()
    const each = await measured(net)
    const confusion = Array.from({ length: CLASSES }, (_row, actual) =>
      Array.from(
        { length: CLASSES },
        (_column, predicted) =>
          each.filter(({ label, found }) => label === actual && found === predicted).length
      )
    )
    const right = each.filter(({ label, found }) => label === found).length
    // The test is meaningful only with correct and wrong predictions of several classes.
    expect(right).toBeGreaterThan(0)
    expect(right).toBeLessThan(images)
    expect(found.confusion).toEqual(confusion)
    expect(found.accuracy).toBe(right / images)
    expect(found.images).toBe(images)
    expect(found.loss).toBeCloseTo(each.reduce((sum, { loss }) => sum + loss, 0) / images, 5)
    expect(onBatch).toEqual([9, 18, 22])
  })

  it('does not affect training', async () => {
    const options = { ema: { decay: 0.9 }, accumulate: 2 }
    const given = manyBands(4, 8)
    const undisturbed = await start(convNet({ dropout: 0.4 }), options)
    await steps(undisturbed, given)
    const trainer = await start(convNet({ dropout: 0.4 }), options)
    for (const batch of given) {
      await trainer.step(batch)
      const before = bitsOf((await trainer.save()).tensors)
      const first = await trainer.evaluate(batches)
      await trainer.evaluate(batches, { averaged: true })
      expect(await trainer.evaluate(batches)).toEqual(first)
      expect(bitsOf((await trainer.save()).tensors)).toEqual(before)
    }
    expect(bitsOf((await trainer.save()).tensors)).toEqual(bitsOf((await undisturbed.save()).tensors))
  })

  it('evaluates the moving average on request', async () => {
    const trainer = await start(convNet(), { ema: { decay: 0.7 } })
    await steps(trainer, manyBands(5, 8))
    const current = await trainer.evaluate(batches)
    const averaged = await trainer.evaluate(batches, { averaged: true })
    const net = convNet({ seed: 5 })
    net.loadStateDict(await trainer.averagedStateDict())
    const each = await measured(net)
    expect(averaged.loss).toBeCloseTo(each.reduce((sum, { loss }) => sum + loss, 0) / images, 5)
    expect(Math.abs(averaged.loss - current.loss)).toBeGreaterThan(1e-3)
  })

  it('refuses a missing moving average, no images, and labels out of range', async () => {
    const trainer = await start(linearNet())
    await expect(trainer.evaluate(batches, { averaged: true })).rejects.toThrow(TrainError)
    await expect(trainer.evaluate(batches, { averaged: true })).rejects.toThrow(
      'create the trainer with { ema }'
    )
    await expect(trainer.evaluate([])).rejects.toThrow('there are no images')
    const [{ images: pictures }] = batches
    await expect(trainer.evaluate([{ images: pictures, labels: new Int32Array(9).fill(3) }])).rejects.toThrow(
      'image 0 of the batch has label 3'
    )
    expect((await trainer.evaluate(batches)).images).toBe(images)
  })

  it('accepts async batches, and stops when aborted', async () => {
    const trainer = await start(linearNet())
    async function* later(): AsyncGenerator<Batch> {
      for (const batch of batches) {
        await new Promise(resolve => setTimeout(resolve, 1))
        yield batch
      }
    }
    expect(await trainer.evaluate(later())).toEqual(await trainer.evaluate(batches))
    const stopping = new AbortController()
    const stopped = trainer.evaluate(later(), {
      signal: stopping.signal,
      onBatch: () => stopping.abort(new Error('enough'))
    })
    await expect(stopped).rejects.toThrow('enough')
    expect((await trainer.step(bands(4, 1))).step).toBe(1)
  })

  it('has no accuracy for class probabilities', async () => {
    const trainer = await start(linearNet())
    const shares = batches.map(({ images, labels }) => ({ images, labels: oneHot(labels) }))
    const { loss, accuracy, confusion } = await trainer.evaluate(shares)
    expect(loss).toBeCloseTo((await trainer.evaluate(batches)).loss, 5)
    expect({ accuracy, confusion }).toEqual({ accuracy: undefined, confusion: [] })
  })
})
