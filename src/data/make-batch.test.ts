import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { randomCrop } from '../images/steps/geometry.js'
import { toTensor } from '../images/steps/to-tensor.js'
import { batchMaker } from './make-batch.js'

it("says what is wrong with a picture without its file's name, but with the step's", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'resnet-batch-'))
  try {
    const path = join(folder, 'is empty: a.png')
    await writeFile(path, '')
    const small = { data: new Uint8Array(4), width: 2, height: 2, channels: 1 } as const
    const make = batchMaker([randomCrop(8), toTensor()])
    const { faults } = await make({ sources: [{ path }, { picture: small }], seeds: [0, 0] })
    expect(faults).toEqual([
      { place: 0, fault: 'is empty' },
      { place: 1, fault: expect.stringMatching(/^randomCrop: /) as string }
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})
