import { describe, expect, it } from 'vitest'
import { resnet18 } from '../models/resnet/resnet.js'
import { classifier, classifierOn } from './classifier.js'

describe('a classifier', () => {
  it.each([['resnet18', 'resnet18'] as const, [resnet18, 'resnet18'] as const])(
    'of a model without weights is refused, as it would answer at random',
    async (source, name) => {
      await expect(classifier(source)).rejects.toThrow(
        `${name}: without weights it would answer at random; give weights, a file or 'DEFAULT' for published ones, or seed for untrained ones`
      )
    }
  )

  it('asks for an image where it is given none', async () => {
    const unused = (): never => {
      throw new TypeError('is not called')
    }
    const run = Object.assign(unused, {
      device: 'cpu',
      dispose: unused,
      [Symbol.asyncDispose]: unused
    } as const)
    const classify = classifierOn(run, unused)
    for (const nothing of [undefined, null, 3]) {
      await expect(classify(nothing as never)).rejects.toThrow(
        `classify: image: expected a path or URL, a File, bytes, a canvas or video, a picture or a Tensor, got ${nothing}`
      )
    }
  })
})
