// All ResNet variants in the registry against torch: logits and the gradients of every parameter.
import { describe, expect, it } from 'vitest'
import { manualSeed } from 'resnet-ts'
import { findModel } from 'resnet-ts/models'
import { allRelativeGoldens, expectRelative, relativeNames } from '../support/relative-goldens.js'

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
