import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { averageName, slotName } from '../../networks/network-tensors.js'
import { tensor } from '../../tensor/tensor.js'
import { encodeCheckpoint } from '../../train/record/checkpoint.js'
import { writeFileAtomic } from '../../platform/node/files.js'
import { readWeights } from '../../weights/read-weights.js'
import { writeWeights } from '../../weights/write-weights.js'
import { convert, type ConvertOptions } from './convert-run.js'

let folder: string
const at = (name: string): string => join(folder, name)
const TENSORS = new Map([
  ['fc.weight', tensor([1])],
  [slotName('momentum_buffer', 'fc.weight'), tensor([2])],
  [averageName('fc.weight'), tensor([3])]
])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-convert-'))
  const network = {
    model: 'cifar_resnet8',
    options: { numClasses: 2, inChannels: 1, residual: true },
    classes: ['no', 'yes'],
    transforms: [{ name: 'toTensor', mean: [0], std: [1] }]
  } as const
  const checkpoint = encodeCheckpoint({ network, progress: undefined, tensors: TENSORS })
  await writeFileAtomic(at('last.safetensors'), [checkpoint])
  await writeWeights(at('plain.safetensors'), TENSORS)
})
afterAll(() => rm(folder, { recursive: true }))

async function converted(
  from: string,
  to: string,
  options: ConvertOptions = {}
): Promise<{ names: string[]; first: unknown; line: string }> {
  const lines: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => lines.push(String(text)) > 0)
  await convert(at(from), at(to), options).finally(() => {
    write.mockRestore()
  })
  const state = await readWeights(at(to))
  return { names: [...state.keys()], first: state.get('fc.weight')?.data[0], line: lines.join('') }
}

describe("a run's checkpoint", () => {
  it.each(['last.pth', 'last.pt'])('becomes a state dict of the network alone, its average: %s', async to => {
    const { names, first, line } = await converted('last.safetensors', to)
    expect({ names, first }).toEqual({ names: ['fc.weight'], first: 3 })
    expect(line).toMatch(
      /1 tensor with 1 number, the network's averages, by which it is evaluated: 2 of the run's training state are left out\n$/
    )
  })

  it.each(['picked.pth', 'picked.safetensors'])('gives its average below a name, too: %s', async to => {
    const { names, line } = await converted('last.safetensors', to, { pick: 'fc' })
    expect(names).toEqual(['weight'])
    expect((await readWeights(at(to))).get('weight')?.data[0]).toBe(3)
    expect(line).toContain("1 tensor with 1 number, the network's averages, by which it is evaluated")
  })

  it('gives what it was trained to where that is named', async () => {
    await converted('last.safetensors', 'state.safetensors', { pick: 'optimizer/momentum_buffer/fc' })
    expect((await readWeights(at('state.safetensors'))).get('weight')?.data[0]).toBe(2)
  })

  it('stays whole as .safetensors', async () => {
    const { names, first, line } = await converted('last.safetensors', 'copy.safetensors')
    expect({ names: names.sort(), first }).toEqual({ names: [...TENSORS.keys()].sort(), first: 1 })
    expect(line).not.toContain('left out')
  })
})

it('plain weights keep names that a run would use for its state', async () => {
  const { names } = await converted('plain.safetensors', 'plain.pth')
  expect(names.sort()).toEqual([...TENSORS.keys()].sort())
})
