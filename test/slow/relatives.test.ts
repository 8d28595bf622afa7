// The larger of ResNet's relatives against torch's: logits and the gradients of every parameter.
import { describe, expect, it } from 'vitest'
import { findModel, manualSeed } from 'resnet-ts'
import { expectRelative, relativeGoldens } from '../support/relative-goldens.js'

const goldens = {
  ...relativeGoldens('relatives-large.json'),
  ...Object.fromEntries(
    Object.entries(relativeGoldens('relatives-small.json')).filter(([name]) => name.endsWith('_resnet18'))
  )
}

describe('a seeded relative', () => {
  it('is one of eleven', () => {
    expect(Object.keys(goldens)).toHaveLength(11)
  })

  it.each(Object.entries(goldens))('%s computes what torch computes', async (name, golden) => {
    manualSeed(0)
    await expectRelative(name, findModel(name).build({ numClasses: 10 }), golden)
  })
})
