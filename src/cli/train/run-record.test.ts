import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tensor } from '../../tensor/tensor.js'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { readCheckpoint, type RunProgress } from '../../train/record/checkpoint.js'
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
    const unreadable = { names: [] }
    const recipe = {
      settings: {},
      unreadable,
      data: 'digits',
      checkpointEvery: 60,
      replaces,
      isLastDamaged: false
    }
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

it('makes the next epoch the best where the file of the best is gone, and names none that is not there', async () => {
  const folder = new RunFolder(path)
  const recipe = { unreadable: { names: [] }, settings: {}, data: 'digits', checkpointEvery: 60 }
  const run = new RunRecord(
    { trainer: new Standing(), network, folder, ...recipe, replaces: false, isLastDamaged: false },
    undefined
  )
  await run.afterEpoch(epoch, startOfEpoch(1), undefined)
  expect(await run.closing()).toEqual([
    folder.best,
    expect.stringContaining('the best, 50.0 % after epoch 1')
  ])
  await rm(folder.best)
  expect(await run.closing()).toEqual([folder.report, 'the report; best.safetensors, of epoch 1, is gone'])
  const worse = { ...epoch, epoch: 2, train: { loss: 2, accuracy: 0.25 } }
  await run.afterEpoch(worse, startOfEpoch(2), undefined)
  expect(await run.closing()).toEqual([
    folder.best,
    expect.stringContaining('the best, 25.0 % after epoch 2')
  ])
  expect((await readCheckpoint(folder.best)).tensors.get('weight')?.data[0]).toBe(2)
  expect((await readdir(path)).filter(name => name.includes('replaced'))).toEqual([])
})

describe('the checkpoint before the last', () => {
  const records = (change: {
    readonly replaces?: boolean
    readonly isLastDamaged?: boolean
    readonly unreadable?: { readonly names: readonly string[] }
  }): RunRecord => {
    const recipe = {
      unreadable: { names: [] },
      settings: {},
      data: 'digits',
      checkpointEvery: 60,
      replaces: false,
      isLastDamaged: false
    }
    const folder = new RunFolder(path)
    return new RunRecord({ trainer: new Standing(), network, folder, ...recipe, ...change }, undefined)
  }
  const readsOf = async (file: string): Promise<unknown> =>
    (await readCheckpoint(join(path, file))).tensors.get('weight')?.data[0]

  it('is kept, whole after whole', async () => {
    const run = records({})
    for (const reads of [1, 2, 3]) {
      await run.save()
      expect(await readsOf('last.safetensors')).toBe(reads)
      if (reads > 1) expect(await readsOf('previous.safetensors')).toBe(reads - 1)
    }
    expect((await readdir(path)).sort()).toEqual(['last.safetensors', 'previous.safetensors'])
  })

  it('is kept after a run that was killed between naming both', async () => {
    const run = records({})
    await run.save()
    await link(join(path, 'last.safetensors'), join(path, 'previous.safetensors'))
    await run.save()
    expect([await readsOf('previous.safetensors'), await readsOf('last.safetensors')]).toEqual([1, 2])
    expect((await readdir(path)).sort()).toEqual(['last.safetensors', 'previous.safetensors'])
  })

  it("is not a damaged one, nor another run's", async () => {
    await writeFile(join(path, 'last.safetensors'), 'damaged')
    await writeFile(join(path, 'previous.safetensors'), 'whole')
    const resumed = records({ isLastDamaged: true })
    await resumed.save()
    expect(await readFile(join(path, 'previous.safetensors'), 'utf8')).toBe('whole')
    await resumed.save()
    expect(await readsOf('previous.safetensors')).toBe(1)
    await records({ replaces: true }).save()
    expect(await readdir(path)).toEqual(['last.safetensors'])
  })
})

it('keeps the names of unreadable pictures, also where nothing was trained since the last checkpoint', async () => {
  const names: string[] = []
  const folder = new RunFolder(path)
  const recipe = { settings: {}, data: 'photos', checkpointEvery: 0, replaces: false, isLastDamaged: false }
  const run = new RunRecord(
    { trainer: new Standing(), network, folder, ...recipe, unreadable: { names } },
    undefined
  )
  await run.afterBatch({ ...startOfEpoch(0), batch: 1 }, 1)
  names.push('a/1.png')
  expect(await run.keep()).toBe(folder.last)
  expect((await readCheckpoint(folder.last)).progress?.unreadable).toEqual(['a/1.png'])
})

describe('a folder that holds a best network but no checkpoint', () => {
  const records = (progress?: RunProgress): RunRecord => {
    const folder = new RunFolder(path)
    const recipe = {
      settings: {},
      data: 'digits',
      checkpointEvery: 60,
      replaces: false,
      isLastDamaged: false
    }
    const unreadable = { names: [] }
    return new RunRecord({ trainer: new Standing(), network, folder, unreadable, ...recipe }, progress)
  }
  const endEpoch = (run: RunRecord): Promise<void> => run.afterEpoch(epoch, startOfEpoch(1), undefined)
  const OWN = ['best.safetensors', 'last.safetensors', 'metrics.jsonl', 'report.html']
  const read = (name: string): Promise<string> => readFile(join(path, name), 'utf8')
  let said: string[]
  beforeEach(() => {
    said = []
    vi.spyOn(process.stderr, 'write').mockImplementation(text => said.push(String(text)) > 0)
  })
  afterEach(() => vi.restoreAllMocks())

  it('keeps it, with its measurements, beside the one that replaces it', async () => {
    for (const name of OWN) if (!name.startsWith('last')) await writeFile(join(path, name), `kept ${name}`)
    await endEpoch(records())
    const kept = ['best.replaced.safetensors', 'metrics.replaced.jsonl', 'report.replaced.html']
    expect((await readdir(path)).sort()).toEqual([...OWN, ...kept].sort())
    for (const name of kept) expect(await read(name)).toBe(`kept ${name.replace('.replaced', '')}`)
    expect((await readCheckpoint(join(path, 'best.safetensors'))).tensors.get('weight')?.data[0]).toBe(1)
    expect(said).toEqual([
      `resnet: ${path} held results that this run did not make: they are kept as ${kept.join(', ')}\n`
    ])
  })

  it('keeps each of several, also for a run that goes on before its first epoch has ended', async () => {
    await records().save()
    const { progress } = await readCheckpoint(join(path, 'last.safetensors'))
    await writeFile(join(path, 'best.safetensors'), 'second')
    await writeFile(join(path, 'best.replaced.safetensors'), 'first')
    await endEpoch(records(progress))
    expect(await read('best.replaced.safetensors')).toBe('first')
    expect(await read('best.replaced-2.safetensors')).toBe('second')
  })

  it('has nothing to keep where a run that was killed before its first checkpoint is repeated', async () => {
    await endEpoch(records())
    await rm(join(path, 'last.safetensors'))
    await endEpoch(records())
    expect((await readdir(path)).sort()).toEqual(OWN)
    expect(said).toEqual([])
  })

  it('keeps measurements that lie there without it', async () => {
    await writeFile(join(path, 'metrics.jsonl'), 'of fifty epochs')
    await endEpoch(records())
    expect(await read('metrics.replaced.jsonl')).toBe('of fifty epochs')
  })

  it('leaves it in its place where another cannot be written', async () => {
    await writeFile(join(path, 'best.safetensors'), 'kept')
    const full = new Error('no space')
    await expect(new RunFolder(path).writeFirstBest(() => Promise.reject(full))).rejects.toBe(full)
    expect(await readdir(path)).toEqual(['best.safetensors'])
  })

  it('leaves it where it is until there is another', async () => {
    await writeFile(join(path, 'best.safetensors'), 'kept')
    const run = records()
    await run.save()
    expect(await read('best.safetensors')).toBe('kept')
    await mkdir(join(path, 'metrics.jsonl'))
    await expect(endEpoch(run)).rejects.toThrow('metrics.jsonl: is a folder, not a file')
    expect(await read('best.replaced.safetensors')).toBe('kept')
  })
})
