import { expect, it } from 'vitest'
import { Linear } from '../nn/layers/linear.js'
import { zeros } from '../tensor/tensor.js'
import type { Batch } from './step/batch.js'
import { fit } from './fit.js'
import type { StepResult } from './step/step.js'
import type { Trainer } from './trainer.js'

it("looks for the layers' weights once, however many batches there are, and keeps their order", async () => {
  let walks = 0
  class Counted extends Linear {
    override namedParameters(): ReturnType<Linear['namedParameters']> {
      walks++
      return super.namedParameters()
    }
  }
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
  const trainer: Pick<Trainer, 'net' | 'steps' | 'accumulate' | 'step'> = {
    net: new Counted(2, 2),
    steps: 1,
    accumulate: 1,
    step: async () => result
  }
  const batch: Batch = { images: zeros([1, 2]), labels: [0] }
  const train = { length: 3, epoch: () => [batch, batch, batch] }
  const { epochs } = await fit(trainer as Trainer, { train, epochs: 2 })
  expect(epochs.map(({ gradientNorms }) => gradientNorms)).toEqual([{ weight: 3 }, { weight: 3 }])
  expect(walks).toBe(1)
})
