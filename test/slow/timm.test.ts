// timm's networks against timm: the large ones' names and shapes, each of timm's additions, and whole networks.
import { describe, it } from 'vitest'
import { findModel, MODELS } from 'resnet-ts/models'
import { expectStructure, expectTimm, isLarge, KIN, RESNET_V2, TIMM } from '../support/timm-goldens.js'
import { SMALL } from '../support/timm-small.js'

const known = (goldens: object): string[] => Object.keys(goldens).filter(name => name in MODELS)

it.each([TIMM, RESNET_V2, KIN].flatMap(({ structure }) => known(structure)).filter(isLarge))(
  '%s has the names, shapes and parameters of timm’s',
  name => {
    expectStructure(name)
  }
)

describe('computes what timm computes:', () => {
  it.each(Object.entries(SMALL))('%s', async (name, make) => {
    await expectTimm(name, make(), TIMM.small[name])
  })

  it.each(Object.entries({ ...TIMM.whole, ...RESNET_V2.whole, ...KIN.whole }))(
    '%s',
    async (name, numbers) => {
      await expectTimm(name, findModel(name).build({ numClasses: 10 }), numbers)
    }
  )
})
