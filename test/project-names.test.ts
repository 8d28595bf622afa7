// Names of tensors as other projects' own code gives them (tools/dialects_goldens.py), and files as transformers saves them.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openNetwork, readWeights, Tensor, type StateDict } from 'resnet-ts'
import { modelsFitting } from 'resnet-ts/models'
import { describeWeights, translateWeights } from 'resnet-ts/weights'
import { describe, expect, it } from 'vitest'

interface Case {
  readonly dialect: string
  readonly model: 'resnet18' | 'resnet26'
  /** Outputs of the classifier; null for a backbone. */
  readonly head: number | null
  readonly keys: Readonly<Record<string, readonly number[]>>
}

const at = (name: string): string => fileURLToPath(new URL(`goldens/dialects/${name}`, import.meta.url))
const CASES = Object.entries(
  JSON.parse(await readFile(at('keys.json'), 'utf8')) as Readonly<Record<string, Case>>
)

/** All share their numbers, as only names and shapes count. */
const numbers = new Float32Array(2 ** 23)
function zerosOf(keys: Case['keys']): StateDict {
  return new Map(
    Object.entries(keys).map(([key, shape]) => {
      const size = shape.reduce((a, b) => a * b, 1)
      return [key, new Tensor(numbers.subarray(0, size), shape, 'float32')]
    })
  )
}

describe("a project's own names", () => {
  it.each(CASES)('of %s are the network that they were', (_, { dialect, model, head, keys }) => {
    const theirs = zerosOf(keys)
    expect(modelsFitting(theirs)).toEqual([model])
    const ours = translateWeights(theirs, { from: dialect })
    expect(ours.get('fc.weight')?.shape[0] ?? null).toBe(head)
    // Nothing of the network is lost: as many tensors as the project has for it.
    const own = [...ours.keys()].filter(key => !key.startsWith('fc.'))
    const inTrunk = Object.keys(keys).filter(key => !/^(decoder|segmentation_head|classifier|fc)\b/.test(key))
    expect(own).toHaveLength(inTrunk.length)
  })

  it.each(CASES.filter(([name]) => name.startsWith('hf resnet')))(
    'of %s are written as they are',
    (_, { keys }) => {
      const ours = translateWeights(zerosOf(keys))
      const back = translateWeights(ours, { to: 'hf' })
      expect(Object.fromEntries(Array.from(back, ([key, { shape }]) => [key, [...shape]]))).toEqual(keys)
    }
  )
})

describe('what transformers saves', () => {
  it.each(['hf-basic', 'hf-bottleneck'])(
    '%s has the same tensors in both formats, and no model of its widths is made up',
    async name => {
      const [bin, safe] = await Promise.all(
        ['pytorch_model.bin', 'model.safetensors'].map(file => readWeights(at(`${name}/${file}`)))
      )
      expect([...safe.keys()].sort()).toEqual([...bin.keys()].sort())
      for (const [key, { data, shape }] of bin) expect(safe.get(key)).toMatchObject({ shape, data })
      const { dialect, metadata, numClasses } = await describeWeights(at(name))
      expect([dialect, metadata.architecture, metadata.format, numClasses]).toEqual([
        'hf',
        'ResNetForImageClassification',
        'pt',
        2
      ])
      await expect(openNetwork(at(name))).rejects.toThrow('hidden_sizes 8, 8, 16, 16')
    }
  )
})
