import { expect, it } from 'vitest'
import { Linear } from '../nn/layers/linear.js'
import { zeros } from '../tensor/tensor.js'
import type { Batch } from './step/batch.js'
import { fit } from './fit.js'
import type { StepResult } from './step/step.js'
import { NonFiniteError } from './train-error.js'
import type { Trainer } from './trainer.js'

const result: StepResult = {
  step: 1,
  loss: 1,
  accuracy: 1,
  labelled: 1,
  learningRate: 0.1,
  gradientNorm: 5,
  gradientNorms: new Map([
    ['bias', 4],
    ['weight', 3]
  ]),
  output: zeros([1, 2]),
  updated: true
}
const batch: Batch = { images: zeros([1, 2]), labels: [0] }

it("looks for the layers' weights once, however many batches there are, and keeps their order", async () => {
  let walks = 0
  class Counted extends Linear {
    override namedParameters(): ReturnType<Linear['namedParameters']> {
      walks++
      return super.namedParameters()
    }
  }
  const trainer: Pick<Trainer, 'net' | 'steps' | 'accumulate' | 'step'> = {
    net: new Counted(2, 2),
    steps: 1,
    accumulate: 1,
    step: async () => result
  }
  const train = { length: 3, epoch: () => [batch, batch, batch] }
  const { epochs } = await fit(trainer as Trainer, { train, epochs: 2 })
  expect(epochs.map(({ gradientNorms }) => gradientNorms)).toEqual([{ weight: 3 }, { weight: 3 }])
  expect(walks).toBe(1)
})

it.each([NaN, Infinity])('an epoch whose validation loss is %d ends the run with an error', async loss => {
  const trainer = {
    net: new Linear(2, 2),
    steps: 4,
    accumulate: 1,
    step: () => Promise.resolve(result),
    evaluate: () => Promise.resolve({ loss, accuracy: 0.5 })
  }
  const source = { length: 1, epoch: () => [batch] }
  let ended = 0
  const fitting = fit(trainer as unknown as Trainer, {
    train: source,
    validation: source,
    epochs: 2,
    onEpoch: () => {
      ended++
    }
  })
  await expect(fitting).rejects.toBeInstanceOf(NonFiniteError)
  await expect(fitting).rejects.toMatchObject({ step: 4, loss, during: 'validation' })
  await expect(fitting).rejects.toThrow(
    `After step 4: the loss on the validation images is ${loss}; try a lower learning rate`
  )
  expect(ended).toBe(0)
})
