import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openData, splitData } from './open-data.js'

describe('data with one image of each class', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-data-'))
    for (const name of ['a', 'b']) {
      await mkdir(join(folder, name))
      await copyFile('assets/digit.png', join(folder, name, '0.png'))
    }
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('has none for validation, as its error says with the remedies', async () => {
    const opened = await openData(folder, 'auto')
    expect(() => splitData(folder, opened, 0.2, 0)).toThrow(
      `${folder}: has no class of two images, so none can be held back for validation; add images, make folders train and val of them, or train without validation: --hold-back 0`
    )
  })

  it('is all for training where nothing is to be held back', async () => {
    const { train, validation } = splitData(folder, await openData(folder, 'auto'), 0, 0)
    expect([train.length, validation.length]).toEqual([2, 0])
  })
})
