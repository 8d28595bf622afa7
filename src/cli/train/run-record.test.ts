import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tensor } from '../../tensor/tensor.js'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { readCheckpoint } from '../../train/record/checkpoint.js'
import { startOfEpoch } from '../../train/position.js'
import type { Trainer } from '../../train/trainer.js'
import type { TrainerState } from '../../train/trainer-state.js'
import { RunFolder } from './run-folder.js'
import { RunRecord } from './run-record.js'

let path: string
beforeEach(async () => void (path = await mkdtemp(join(tmpdir(), 'resnet-record-'))))
afterEach(() => rm(path, { recursive: true }))

const network: CheckpointNetwork = {
  model: 'cifar_resnet8',
  options: { numClasses: 2, inChannels: 1, residual: true },
  classes: ['no', 'yes'],
  transforms: [{ name: 'toTensor', mean: [0], std: [1] }]
}
const figures = { loss: 1, accuracy: 0.5 }
const epoch = { epoch: 1, step: 3, learningRate: 0.1, train: figures, seconds: 1, imagesPerSecond: 1 }

/** A trainer that only says where it stands, and how often it was asked. */
class Standing implements Pick<Trainer, 'save'> {
  reads = 0

  async save(): Promise<TrainerState> {
    this.reads++
    const tensors = new Map([
      ['weight', tensor([this.reads])],
      ['optimizer/momentum_buffer/weight', tensor([0])]
    ])
    return { tensors, steps: 3, batches: 3 }
  }
}

it.each([false, true])(
  "reads the trainer's state once for a new best epoch (over another run: %s)",
  async replaces => {
    const trainer = new Standing()
    const folder = new RunFolder(path)
    const recipe = { settings: {}, data: 'digits', checkpointEvery: 60, replaces }
    const run = new RunRecord({ trainer, network, folder, ...recipe }, undefined)
    await run.afterEpoch(epoch, startOfEpoch(1), undefined)
    expect(trainer.reads).toBe(1)
    const [best, last] = [await readCheckpoint(folder.best), await readCheckpoint(folder.last)]
    expect([...best.tensors.keys()]).toEqual(['weight'])
    expect([...last.tensors.keys()]).toEqual(['weight', 'optimizer/momentum_buffer/weight'])
    expect(best.tensors.get('weight')?.data).toEqual(last.tensors.get('weight')?.data)
    expect(last.progress).toMatchObject({ position: startOfEpoch(1), best: { epoch: 1, accuracy: 0.5 } })
    // Nothing has moved since.
    expect(await run.keep()).toBeUndefined()
    await run.afterEpoch({ ...epoch, epoch: 2 }, startOfEpoch(2), undefined)
    expect(trainer.reads).toBe(2)
    expect((await readCheckpoint(folder.best)).tensors.get('weight')?.data[0]).toBe(1)
  }
)
