// A step whose new weights would be NaN or infinite is refused, and the weights stay as they were.
import { describe, expect, it } from 'vitest'
import { adam, sgd } from 'resnet-ts/optim'
import { NonFiniteError, type TrainerOptions } from 'resnet-ts/train'
import { LAYOUTS, steps } from './support/small-trainer.js'
import { bands, bitsOf, linearNet, manyBands } from './support/small-training.js'

describe.each(LAYOUTS)('a step whose new weights are not finite, with images $layout', ({ start }) => {
  const batch = bands(8, 2)
  const kinds: [string, Partial<TrainerOptions>][] = [
    ['sgd', { optimizer: sgd({ lr: 1e39 }) }],
    ['momentum', { optimizer: sgd({ lr: 1e39, momentum: 0.9 }), ema: { decay: 0.9 } }],
    // The gradient is finite, the updated weights are not.
    ['a rate that is only just finite', { optimizer: sgd({ lr: 3e38, weightDecay: 100 }) }],
    ['adam', { optimizer: adam({ lr: 1e39 }) }],
    ['one layer alone', { groups: [{ match: 'fc.bias', lrScale: 1e39 }] }]
  ]

  it.each(kinds)('is refused with what is known of the step, and nothing changes: %s', async (_, options) => {
    const trainer = await start(linearNet(), options)
    const before = bitsOf((await trainer.save()).tensors)
    const failing = trainer.step({ ...batch, paths: ['first.png', 'second.png'] })
    await expect(failing).rejects.toBeInstanceOf(NonFiniteError)
    await expect(failing).rejects.toThrow(
      /^Step 1: the loss is \d\S*, but the new values of (fc\.weight|fc\.bias|fc\.weight, fc\.bias) are not finite; the largest gradient is fc\.weight's, \d.*; the batch: first\.png, second\.png\. The weights are as they were/
    )
    expect(bitsOf((await trainer.save()).tensors)).toEqual(before)
    expect(trainer.steps).toBe(0)
  })

  it('is refused where several batches make the step, which can be made again', async () => {
    let rate = 1e39
    const trainer = await start(linearNet(), { accumulate: 2, schedule: () => rate })
    const [first, second] = manyBands(2, 8)
    await trainer.step(first)
    const before = await trainer.save()
    await expect(trainer.step(second)).rejects.toThrow('are not finite')
    expect(bitsOf((await trainer.save()).tensors)).toEqual(bitsOf(before.tensors))
    rate = 0.05
    await trainer.step(second)
    const spared = await start(linearNet(), { accumulate: 2 })
    await steps(spared, [first, second])
    expect(bitsOf(await trainer.stateDict())).toEqual(bitsOf(await spared.stateDict()))
  })
})
