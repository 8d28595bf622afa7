import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digits } from './mnist.js'

const sha = (data: Uint8Array | Int32Array): string =>
  createHash('sha256').update(data).digest('hex').slice(0, 16)

describe('digits', () => {
  it("are scikit-learn's, as bytes", async () => {
    const dataset = await digits()
    expect(dataset).toMatchObject({ length: 1797, channels: 1, classes: Array.from('0123456789') })
    // python3: numpy.floor(load_digits().data * 255 / 16 + 0.5).astype('uint8'), load_digits().target.astype('<i4')
    expect(sha(dataset.labels)).toBe('3a0e68456f9a3c60')
    const pictures = Array.from(dataset.labels, (_, i) => dataset.source(i)).flatMap(source =>
      'picture' in source ? [source.picture] : []
    )
    expect(sha(Buffer.concat(pictures.map(({ data }) => data)))).toBe('b41ca9fd335466ee')
    expect(pictures[0]).toMatchObject({ width: 8, height: 8, channels: 1 })
    expect([...pictures[0].data.subarray(0, 8)]).toEqual([0, 0, 80, 207, 143, 16, 0, 0])
  })

  it('have as many of each as UCI says its test set has', async () => {
    const counts = new Array<number>(10).fill(0)
    for (const label of (await digits()).labels) counts[label]++
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  })
})
