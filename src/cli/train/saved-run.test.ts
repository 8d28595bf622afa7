import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startOfEpoch } from '../../train/position.js'
import { writeCheckpoint } from '../../train/record/checkpoint.js'
import { TrainError } from '../../train/train-error.js'
import { RunFolder } from './run-folder.js'
import {
  assertSameOptions,
  differences,
  findRun,
  rescheduled,
  restoreTrainer,
  type RunSettings,
  type TrainOptions
} from './saved-run.js'

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

const SETTINGS = { data: 'digits', images: '1797', epochs: '3', schedule: 'cosine', lr: '0.1' }

const PROGRESS = {
  settings: SETTINGS,
  position: startOfEpoch(1),
  steps: 0,
  batches: 0,
  epochs: [],
  best: undefined,
  losses: { every: 1, values: [] }
}

const between = (before: RunSettings, now: RunSettings, classes = ['a', 'b']): Promise<string[]> =>
  differences({ settings: before, classes: ['a', 'b'] }, { settings: now, classes })

describe('a run and its continuation', () => {
  it('are the same with the same settings, also those of a run that did not count its images', async () => {
    expect(await between(SETTINGS, SETTINGS)).toEqual([])
    const { images: _, ...uncounted } = SETTINGS
    expect(await between(uncounted, SETTINGS)).toEqual([])
  })

  it('may differ in what changes no result, and in their epochs', async () => {
    const free = { workers: '4', checkpointEvery: '0', device: 'webgpu', onCorrupt: 'skip', epochs: '10' }
    expect(await between(SETTINGS, { ...SETTINGS, ...free })).toEqual([])
  })

  it.each(['adamW', 'AdamW', ' ADAMW'])(
    'are the same with an optimiser that was spelled %s',
    async spelled => {
      const before = { ...SETTINGS, optimizer: spelled }
      expect(await between(before, { ...SETTINGS, optimizer: 'adamw' })).toEqual([])
      expect(await between(before, { ...SETTINGS, optimizer: 'adam' })).toEqual([
        `optimizer was ${spelled}, now adam`
      ])
      const progress = { ...PROGRESS, settings: before }
      const saved = { checkpoint: { ...CHECKPOINT, progress }, file: 'runs/x/last.safetensors' }
      const assertSame = (optimizer: string): void => {
        const options = { optimizer } as TrainOptions
        assertSameOptions(new RunFolder('runs/x'), saved, { options, given: new Set(['optimizer']) })
      }
      assertSame('adamw')
      expect(() => {
        assertSame('adam')
      }).toThrow(`is of another run: optimizer was ${spelled}, now adam; `)
    }
  )

  it('says which network of the run a new one may start from: its best, or its last where there is none', async () => {
    const path = await mkdtemp(join(tmpdir(), 'resnet-run-'))
    const run = new RunFolder(path)
    const saved = { checkpoint: { ...CHECKPOINT, progress: PROGRESS }, file: run.last }
    const resume = (): void => {
      const options = { optimizer: 'rmsprop' } as TrainOptions
      assertSameOptions(run, saved, { options, given: new Set(['optimizer']) })
    }
    try {
      expect(resume).toThrow(`--checkpoint ${run.last} --out ANOTHER`)
      await writeFile(run.best, '')
      expect(resume).toThrow(`--checkpoint ${run.best} --out ANOTHER`)
    } finally {
      await rm(path, { recursive: true })
    }
  })

  it('says what more epochs mean where the schedule looks ahead', () => {
    for (const schedule of ['constant', 'step:2', 'multistep:2,4', 'exponential:0.9']) {
      const before = { ...SETTINGS, schedule }
      expect(rescheduled(before, { ...before, epochs: '10' })).toBeUndefined()
    }
    for (const schedule of ['cosine', 'onecycle:0.2', 'poly:2']) {
      const before = { ...SETTINGS, schedule }
      expect(rescheduled(before, before)).toBeUndefined()
      expect(rescheduled(before, { ...before, epochs: '10' })).toMatch(
        /^the schedule (cosine|onecycle|poly) now ends after 10 epochs instead of 3: learning rates differ/
      )
      for (const epochs of ['3NaN', '-1', '', 'x'.repeat(9999)]) {
        expect(rescheduled({ ...before, epochs }, before)).toBeUndefined()
      }
    }
  })

  it('differ in what is said of data, classes and settings', async () => {
    const now = { ...SETTINGS, images: '12', lr: '1', plain: 'true' }
    expect(await between(SETTINGS, now, ['b', 'c'])).toEqual([
      'digits had 1,797 images, now 12',
      'its classes have lost "a"',
      'its classes have gained "c"',
      'lr was 0.1, now 1',
      'plain was not given, now true'
    ])
    expect(await between(SETTINGS, { ...SETTINGS, data: '/photos' })).toEqual([
      'data was digits, now /photos'
    ])
  })
})

describe('a run whose last checkpoint is damaged', () => {
  let folder: RunFolder
  beforeEach(async () => {
    folder = new RunFolder(await mkdtemp(join(tmpdir(), 'resnet-damaged-')))
    const network = {
      ...CHECKPOINT.network,
      transforms: [{ name: 'toTensor', mean: [0], std: [1] }] as const
    }
    await writeCheckpoint(folder.last, { network, progress: PROGRESS, tensors: new Map() })
  })
  afterEach(() => rm(folder.path, { recursive: true }))

  it('names the one before it, and goes on from there only if told', async () => {
    await copyFile(folder.last, folder.previous)
    const bytes = await readFile(folder.last)
    bytes[bytes.length >> 1] ^= 1
    await writeFile(folder.last, bytes)
    await expect(findRun(folder, { resume: true }, undefined)).rejects.toThrow(
      `${folder.last}: is damaged, or was changed by another program: its content does not have the SHA-256 digest that it states; the checkpoint before it is ${folder.previous}: --resume-previous continues from there`
    )
    const { saved } = await findRun(folder, { resumePrevious: true }, undefined)
    expect(saved?.file).toBe(folder.previous)
    expect(saved?.checkpoint.progress.position.epoch).toBe(1)
  })

  it('has none to name after its first', async () => {
    await writeFile(folder.last, '')
    await expect(findRun(folder, { resume: true }, undefined)).rejects.toThrow(/last\.safetensors: is empty$/)
    await expect(findRun(folder, { resumePrevious: true }, undefined)).rejects.toThrow(
      /previous\.safetensors: no such file$/
    )
  })
})

describe('a folder that holds no checkpoint', () => {
  let folder: RunFolder
  beforeEach(async () => void (folder = new RunFolder(await mkdtemp(join(tmpdir(), 'resnet-kept-results-')))))
  afterEach(() => rm(folder.path, { recursive: true }))

  it.each(['best.safetensors', 'metrics.jsonl', 'report.html'])(
    'but %s does not lose that without being told',
    async name => {
      await writeFile(join(folder.path, name), 'kept')
      const message = `${folder.path}: already holds ${name}, which a new run would replace; --overwrite replaces it, --out names another folder`
      await expect(findRun(folder, {}, 'digits')).rejects.toThrow(message)
      for (const asked of [{ resume: true }, { resumePrevious: true }]) {
        expect(await findRun(folder, asked, 'digits')).toEqual({ exists: false })
      }
      expect(await findRun(folder, { overwrite: true }, 'digits')).toEqual({ exists: true })
    }
  )

  it('starts a new run on named data, also with --resume', async () => {
    expect(await findRun(folder, {}, 'digits')).toEqual({ exists: false })
    expect(await findRun(folder, { resume: true }, 'digits')).toEqual({ exists: false })
  })

  it('is an error where it is all that is named', async () => {
    for (const asked of [{ resume: true }, { resumePrevious: true }]) {
      await expect(findRun(folder, asked, undefined)).rejects.toThrow(
        `${folder.path}: holds no checkpoint to resume; name a run's folder with --out, or data to start a new run`
      )
    }
  })
})
