import { describe, expect, it } from 'vitest'
import { TrainError } from '../../train/train-error.js'
import { restoreTrainer } from './saved-run.js'

const CHECKPOINT = {
  network: {
    model: 'cifar_resnet8',
    options: { numClasses: 2, inChannels: 1, residual: true },
    classes: ['a', 'b'],
    transforms: []
  },
  progress: undefined,
  tensors: new Map()
} as const

const failing = (error: Error): Parameters<typeof restoreTrainer>[0] => ({
  restore: () => Promise.reject(error)
})

describe('a checkpoint that a trainer cannot go on from', () => {
  it('is named where it is to blame', async () => {
    const unfit = failing(new TrainError('The saved state does not fit this trainer: fc.bias is missing'))
    await expect(restoreTrainer(unfit, CHECKPOINT, 'runs/x/last.safetensors')).rejects.toThrow(
      'runs/x/last.safetensors: The saved state does not fit this trainer: fc.bias is missing'
    )
    const broken = failing(new RangeError('no memory'))
    await expect(restoreTrainer(broken, CHECKPOINT, 'x')).rejects.toThrow(/^no memory$/)
  })
})
