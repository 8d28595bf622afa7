import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formerName } from './former-name.js'
import { MODELS } from './registry.js'
import { FORMER_NAMES } from './timm-former-names.js'
import { splitTag, timmPreset, timmTags } from './timm-presets.js'

const path = new URL('../../test/goldens/models/timm-tags.json', import.meta.url)
const { former } = JSON.parse(readFileSync(path, 'utf8')) as { former: Readonly<Record<string, string>> }

describe("timm's former names", () => {
  it('are all that timm has, 43 of its ResNet class, and stand for what they stand for there', () => {
    const names = Object.keys(FORMER_NAMES)
    expect(names).toEqual(Object.keys(former))
    expect(names.filter(name => !name.startsWith('resnetv2'))).toHaveLength(43)
    // timm takes all of these for resnext101_32x8d, though two have weights of their own.
    const corrected = { ig_resnext101_32x16d: '32x16d', ig_resnext101_32x32d: '32x32d' }
    const own = Object.entries(corrected).map(([name, width]) => [
      name,
      `resnext101_${width}.fb_wsl_ig1b_ft_in1k`
    ])
    expect(FORMER_NAMES).toEqual({
      ...former,
      ...(Object.fromEntries(own) as object),
      ig_resnext101_32x48d: null
    })
  })

  it.each(Object.entries(FORMER_NAMES).filter(([, current]) => current !== null))(
    '%s is %s, which is here',
    async (name, current) => {
      expect(formerName(name)).toBe(current)
      const [model, tag] = splitTag(current ?? '')
      expect(model in MODELS && !(name in MODELS)).toBe(true)
      const tags = await timmTags(name)
      expect(tags).toEqual(await timmTags(model))
      if (tag !== undefined) expect(await timmPreset(name)).toEqual(await timmPreset(current ?? ''))
    }
  )

  it('are no others', () => {
    for (const name of ['resnet50', 'resnet50.a1_in1k', 'constructor', '']) {
      expect(formerName(name)).toBe(undefined)
    }
  })

  it('of a network that is gone are refused', () => {
    expect(() => formerName('ig_resnext101_32x48d')).toThrow(
      "There is no model 'ig_resnext101_32x48d': timm has given up its network, and calls another by that name"
    )
  })
})
