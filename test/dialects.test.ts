// Weights under other projects' names, from the command line and in code.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNetwork, classifier, type Module } from 'resnet-ts'
import { resnet18 } from 'resnet-ts/models'
import { translateWeights, writeWeights, type StateDict } from 'resnet-ts/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resnet, resnetOutput } from './support/run-cli.js'

let folder: string
const at = (name: string): string => join(folder, name)
const state = resnet18({ numClasses: 4 }).stateDict()
const backbone: StateDict = new Map([...state].filter(([key]) => !key.startsWith('fc.')))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-dialects-'))
  await writeWeights(at('ours.safetensors'), state)
  await writeWeights(at('theirs.pth'), translateWeights(state, { to: 'hf' }))
  await writeWeights(at('backbone.pth'), translateWeights(backbone, { to: 'detectron2' }))
})
afterAll(() => rm(folder, { recursive: true }))

const same = (net: Module, expected: StateDict): void => {
  const own = net.stateDict()
  for (const [key, tensor] of expected) expect(own.get(key)?.data).toEqual(tensor.data)
}

describe('weights under other names', () => {
  it('load without being asked for, and say whose names they were', async () => {
    const notes: string[] = []
    const { net } = await openNetwork('resnet18', {
      weights: at('theirs.pth'),
      onNote: note => notes.push(note)
    })
    same(net, state)
    expect(notes.join()).toContain('took the names of Hugging Face transformers')
  })

  it('of a backbone load with an untrained classifier, which does not predict', async () => {
    const options = { weights: at('backbone.pth'), numClasses: 7 }
    const { net, isHeadless } = await openNetwork('resnet18', options)
    same(net, new Map([...backbone].filter(([key]) => !key.endsWith('num_batches_tracked'))))
    expect([isHeadless, net.stateDict().get('fc.weight')?.shape]).toEqual([true, [7, 512]])
    await expect(classifier('resnet18', options)).rejects.toThrow('its weights have no classifier')
  })

  it('are another project’s only if it is named so', async () => {
    const options = { weights: at('ours.safetensors'), dialect: 'detectron2' }
    await expect(openNetwork('resnet18', options)).rejects.toThrow('has no names of detectron2')
    await expect(openNetwork('resnet18', { ...options, dialect: 'detectron' })).rejects.toThrow(
      'did you mean detectron2?'
    )
  })

  it('of a lookalike are refused by the name of the file', async () => {
    await writeWeights(at('resnetblur18.safetensors'), state)
    await expect(openNetwork('resnet18', { weights: at('resnetblur18.safetensors') })).rejects.toThrow(
      "these are resnetblur18's weights"
    )
    same((await openNetwork('resnetblur18', { weights: at('resnetblur18.safetensors') })).net, state)
  })
})

describe('resnet weights', () => {
  it('says what is in a file', async () => {
    expect(await resnetOutput('weights', at('backbone.pth'))).toMatch(
      /names +detectron2\n +fits +resnet18\n +classifier +none: a backbone\n/
    )
    const json = JSON.parse(await resnetOutput('weights', at('theirs.pth'), '--json')) as object
    expect(json).toMatchObject({ dialect: 'hf', models: ['resnet18'], hasHead: true, numClasses: 4 })
  })

  it('reports a file that is none', async () => {
    expect((await resnet('weights', at('nothing.pth'))).stderr).toMatch(
      /^resnet: .*nothing\.pth: no such file/
    )
  })
})

it('resnet convert --dialect writes another project’s names', async () => {
  await resnetOutput('convert', at('ours.safetensors'), at('mm.pth'), '--dialect', 'mmpretrain')
  const found = await resnetOutput('weights', at('mm.pth'), '--json')
  expect(JSON.parse(found) as object).toMatchObject({
    dialect: 'mmpretrain',
    models: ['resnet18'],
    leftOut: []
  })
})
