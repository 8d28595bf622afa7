// Digests of files: what they cover, and what is refused.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { tensor } from '../../tensor/tensor.js'
import { encodeWeights } from '../write-weights.js'
import { readWeights } from '../read-weights.js'
import { faultOf } from '../testing/fault-of.js'
import { safetensors } from '../testing/hostile-files.js'

const STATE = new Map([
  ['w', tensor([1, 2, 3])],
  ['n', tensor(BigInt64Array.of(4n))]
])
const DAMAGED = /is damaged, or was changed by another program: .* SHA-256 digest/
const bytes = encodeWeights(STATE, { digest: true, metadata: { '0': 'first', format: 'pt' } })
const text = Buffer.from(bytes).toString('latin1')
const [, digest] = /"resnet-ts-digest":"resnet-ts\/sha256:([0-9a-f]{64})"/.exec(text) ?? []

/** The file with another text of the same length somewhere. */
function having(before: string, after: string): Uint8Array {
  expect(text).toContain(before)
  expect(after).toHaveLength(before.length)
  return Buffer.from(text.replace(before, after), 'latin1')
}

describe('a digest in a safetensors file', () => {
  it('is that of the file with zeros in its place', () => {
    const cleared = Buffer.from(text.replace(digest, '0'.repeat(64)), 'latin1')
    expect(createHash('sha256').update(cleared).digest('hex')).toBe(digest)
  })

  it('is not needed, and does not change what is read', async () => {
    const plain = encodeWeights(STATE, { metadata: { format: 'pt' } })
    expect(Buffer.from(plain).toString('latin1')).not.toContain('sha256')
    expect(await readWeights(bytes)).toEqual(await readWeights(plain))
  })

  it('is verified: no bit can change', async () => {
    const accepted: number[] = []
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3] ^= 1 << (bit & 7)
      if ((await faultOf(flipped)) === undefined) accepted.push(bit)
    }
    expect(accepted).toEqual([])
  })

  it.each([
    ['another value', '"first"', '"fIrst"'],
    ['another name', '"resnet-ts-digest"', '"resnet-ts-digesT"'],
    ['another mark', 'resnet-ts/sha256:', 'resnet-ts/sha257:'],
    ['a digit that is none', `${digest.slice(-1)}","0"`, 'x","0"'],
    ['another order', '"w"', '"v"']
  ])('with %s is refused, and says why', async (_, before, after) => {
    expect(await faultOf(having(before, after))).toMatch(DAMAGED)
  })

  it('that another program has moved is refused', async () => {
    const metadata = { format: 'pt', 'resnet-ts-digest': `resnet-ts/sha256:${digest}` }
    const moved = safetensors(JSON.stringify({ __metadata__: metadata }), { data: 0 })
    expect(await faultOf(moved)).toMatch(DAMAGED)
  })

  it('is not for .pth, which has no metadata', () => {
    expect(() => encodeWeights(STATE, { format: 'pth', digest: true })).toThrow(
      'only .safetensors holds a digest'
    )
  })
})
