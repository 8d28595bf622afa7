// What a config.json of timm's makes of a picture, against timm's own transforms.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Picture } from '../images/picture.js'
import { bytesOf } from '../tensor/dtype.js'
import { readHubNetwork } from './hub-config.js'
import { prepared } from './prepare.js'

interface Golden {
  readonly config: { readonly input_size: readonly number[] }
  readonly testSize: boolean
  readonly picture: readonly [width: number, height: number]
  readonly shape: readonly number[]
  readonly sha256: string
}

const path = new URL('../../test/goldens/models/timm-tags.json', import.meta.url)
const { pictures } = JSON.parse(readFileSync(path, 'utf8')) as { pictures: readonly Golden[] }

/** The one that the goldens' script makes. */
function picture([width, height]: Golden['picture']): Picture {
  const data = new Uint8Array(width * height * 3)
  data.forEach((_, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    data[i] = (x * 7 + y * 13 + c * 85 + x * y * (c + 1)) % 256
  })
  return { width, height, channels: 3, data }
}

const preparationOf = (pretrained: object, testSize = false) => {
  const config = JSON.stringify({ architecture: 'resnet50', pretrained_cfg: pretrained })
  return prepared(readHubNetwork(config, undefined, 'x', testSize).transforms, 3)
}

describe("timm's preparation of a picture", () => {
  it.each(pictures.map(golden => [JSON.stringify(golden.config), golden.testSize, golden] as const))(
    'by %s, for tests: %s, is equal bit for bit',
    (_, testSize, golden) => {
      const { prepare } = preparationOf(golden.config, testSize)
      const { shape, data } = prepare(picture(golden.picture))
      expect(shape).toEqual(golden.shape)
      expect(createHash('sha256').update(bytesOf(data)).digest('hex')).toBe(golden.sha256)
    }
  )

  it.each([
    [{ crop_mode: 'border' }, 'crops by "border"'],
    [{ input_size: [3, 24, 40] }, 'crops 24 × 40 pixels'],
    [{ interpolation: 'cubic' }, "resizes by 'cubic'"]
  ])('by %j is refused, as none of its residual networks needs it', (config, sentence) => {
    expect(() => preparationOf(config)).toThrow(sentence)
  })

  it('is the same for tests where no other size is named', () => {
    const config = { input_size: [3, 32, 32], test_input_size: null, test_crop_pct: null }
    expect(preparationOf(config, true).transforms).toEqual(preparationOf(config).transforms)
  })
})
