import { describe, expect, it } from 'vitest'
import { startOfEpoch } from '../../train/fit.js'
import { differences, type RunSettings } from './run-settings.js'

const SETTINGS = { data: 'digits', images: '1797', epochs: '3', schedule: 'cosine', lr: '0.1' }

const between = (before: RunSettings, now: RunSettings, classes = ['a', 'b']): Promise<string[]> =>
  differences({
    saved: {
      network: {
        model: 'cifar_resnet8',
        options: { numClasses: 2, inChannels: 1, residual: true },
        classes: ['a', 'b'],
        transforms: []
      },
      progress: {
        settings: before,
        position: startOfEpoch(0),
        steps: 0,
        batches: 0,
        epochs: [],
        best: undefined,
        losses: { every: 1, values: [] }
      },
      tensors: new Map()
    },
    settings: now,
    classes
  })

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
