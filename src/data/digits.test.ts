import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
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

  it('are read from another place, and nothing else is taken for them', async () => {
    const file = new URL('../../assets/digits.idx.gz', import.meta.url)
    expect((await digits({ file })).length).toBe(1797)
    expect((await digits({ file: await readFile(file) })).length).toBe(1797)
    await expect(digits({ file: 'no/such.gz' })).rejects.toThrow(/^no\/such\.gz: no such file$/)
    // Four labels.
    const other = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4])
    await expect(digits({ file: other })).rejects.toThrow(
      'the given bytes: has the shape [4], where [1797, 65] is expected'
    )
    await expect(digits({ path: 'x' } as object)).rejects.toThrow(`digits: unknown option 'path'`)
  })
})
