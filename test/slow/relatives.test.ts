// All ResNet variants in the registry against torch: logits and the gradients of every parameter; and their files.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, createEngine, exportOnnx, manualSeed, rand, readWeights, writeWeights } from 'resnet-ts'
import { findModel } from 'resnet-ts/models'
import { allRelativeGoldens, expectRelative, relativeNames } from '../support/relative-goldens.js'
import { expectClose } from '../support/closeness.js'
import { setStatistics } from '../support/model-goldens.js'
import { SMALL_RELATIVES } from '../support/small-relatives.js'
import { bitsOf } from '../support/small-training.js'

describe('a seeded relative', () => {
  const goldens = allRelativeGoldens()

  // Names come from the registry's goldens, so a variant without its own golden fails.
  it.each(relativeNames())('%s equals torch', async name => {
    const golden = goldens[name]
    if (!golden) return expect.fail('torch computed nothing: add it to tools/relatives_goldens.py')
    manualSeed(0)
    await expectRelative(name, findModel(name).build({ numClasses: 10 }), golden)
  })
})

describe('files', () => {
  let folder: string
  const engine = createEngine({ threads: 1 })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-relatives-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true })
    await engine.dispose()
  })

  it.each(Object.entries(SMALL_RELATIVES))(
    'of %s: ONNX that runs, and weights that load strictly',
    async (name, make) => {
      manualSeed(0)
      const net = make()
      setStatistics(net)
      const file = join(folder, `${name}.safetensors`)
      await writeWeights(file, net.stateDict())
      const other = make()
      other.loadStateDict(await readWeights(file), { strict: true })
      expect(bitsOf(other.stateDict())).toEqual(bitsOf(net.stateDict()))

      const shape = ['N', 3, 32, 32] as const
      const exported = await engine.load({
        onnx: exportOnnx(other, { input: shape }),
        inputs: [{ name: 'x', dtype: 'float32', shape }],
        outputs: [{ name: 'logits', dtype: 'float32', shape: ['N', 10] }],
        state: []
      })
      const x = rand([2, 3, 32, 32])
      const { logits } = await exported.run({ x })
      await using run = await compile(net, { input: shape, engine })
      expectClose(name, (await run(x)).data, logits.data as Float32Array)
      await exported.dispose()
    }
  )
})
