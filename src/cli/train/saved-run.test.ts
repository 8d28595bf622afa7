import { describe, expect, it } from 'vitest'
import { TrainError } from '../../train/train-error.js'
import { differences, restoreTrainer, type RunSettings } from './saved-run.js'

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

const between = (before: RunSettings, now: RunSettings, classes = ['a', 'b']): Promise<string[]> =>
  differences({ settings: before, classes: ['a', 'b'] }, { settings: now, classes })

describe('a run and its continuation', () => {
  it('are the same with the same settings, also those of a run that did not count its images', async () => {
    expect(await between(SETTINGS, SETTINGS)).toEqual([])
    const { images: _, ...uncounted } = SETTINGS
    expect(await between(uncounted, SETTINGS)).toEqual([])
  })

  it('may end later where the schedule does not look ahead', async () => {
    for (const schedule of ['constant', 'step:2', 'multistep:2,4', 'exponential:0.9']) {
      const before = { ...SETTINGS, schedule }
      expect(await between(before, { ...before, epochs: '10' })).toEqual([])
      expect(await between(before, { ...before, epochs: '2' })).toEqual(['epochs was 3, now 2'])
    }
    for (const schedule of ['cosine', 'onecycle:0.2', 'poly:2']) {
      const before = { ...SETTINGS, schedule }
      const [fault, ...others] = await between(before, { ...before, epochs: '10' })
      expect(others).toEqual([])
      expect(fault).toMatch(
        /^epochs was 3, now 10, which the schedule (cosine|onecycle|poly) was not made for$/
      )
    }
  })

  it('differ in what is said of data, classes and settings', async () => {
    const now = { ...SETTINGS, images: '12', lr: '1', plain: 'true' }
    expect(await between(SETTINGS, now, ['b', 'c'])).toEqual([
      'digits had 1797 images, now 12',
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
