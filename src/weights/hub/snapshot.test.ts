// An index of weights in several files, as a stranger may have written it.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OptionError } from '../../base/errors.js'
import { readWeights, type ReadWeightsOptions } from '../read-weights.js'
import { safetensors } from '../testing/hostile-files.js'
import { processorTime } from '../testing/processor-time.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-snapshot-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Writes one file of tensors of a byte each, beside an index that says where they are. */
async function indexOf(names: readonly string[], part: string, file = part): Promise<string> {
  const header = Object.fromEntries(
    names.map((name, i) => [name, { dtype: 'U8', shape: [1], data_offsets: [i, i + 1] }])
  )
  await mkdir(join(folder, 'net'), { recursive: true })
  await writeFile(join(folder, 'net', file), safetensors(JSON.stringify(header), { data: names.length }))
  const index = join(folder, 'net', 'model.safetensors.index.json')
  const map = Object.fromEntries(names.map(name => [name, part]))
  await writeFile(index, JSON.stringify({ weight_map: map }))
  return index
}

describe('an index', () => {
  it('names thousands of tensors in a part without delay', async () => {
    const index = await indexOf(
      Array.from({ length: 32_000 }, (_, i) => `k${i}`),
      'a.safetensors'
    )
    const start = processorTime()
    expect((await readWeights(index)).size).toBe(32_000)
    expect(processorTime() - start).toBeLessThan(3000)
  })

  it.each(['%2e%2e/secret.safetensors', '.%2E/secret.safetensors', '%2e%2e%2fsecret.safetensors'])(
    'does not lead out of its folder by %s, as a path or an address',
    async part => {
      const index = await indexOf(['w'], part, '../secret.safetensors')
      for (const source of [index, pathToFileURL(index), pathToFileURL(index).href]) {
        await expect(readWeights(source)).rejects.toThrow(
          `names a part "${part}", which leads out of its folder`
        )
      }
    }
  )
})

it.each<[string, object]>([
  ['endpoint', { endpoint: 7 }],
  ['token', { token: {} }],
  ['offline', { offline: 'yes' }],
  ['retries', { retries: -1 }]
])('checks the option %s of a hub', async (name, hub) => {
  const options = { hub: { offline: true, ...hub } } as ReadWeightsOptions
  const reading = readWeights('hf:owner/net', options)
  await expect(reading).rejects.toThrow(OptionError)
  await expect(reading).rejects.toThrow(name)
})

it('of bytes that were transferred away is said to be empty', async () => {
  const buffer = new ArrayBuffer(8)
  structuredClone(buffer, { transfer: [buffer] })
  await expect(readWeights(buffer)).rejects.toThrow('the given bytes: is empty')
})
