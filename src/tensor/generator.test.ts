import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Generator } from './generator.js'

interface Draw {
  kind: 'rand' | 'randn' | 'uniform' | 'normal'
  size: number
  a: number
  b: number
  sha: string
  head: number[]
}
const golden = JSON.parse(
  readFileSync(new URL('../../test/goldens/random/draws.json', import.meta.url), 'utf8')
) as { sequences: { seed: string; draws: Draw[] }[] }

function sha(data: Float32Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16)
}

function defer(generator: Generator, { kind, size, a, b }: Draw): () => Float32Array {
  return kind === 'rand' || kind === 'uniform'
    ? generator.deferUniform(size, a, b)
    : generator.deferNormal(size, a, b)
}

describe('Generator', () => {
  for (const { seed, draws } of golden.sequences) {
    it(`draws what torch draws from seed ${seed}, bit for bit`, () => {
      const generator = new Generator(BigInt(seed))
      for (const draw of draws) {
        const data = defer(generator, draw)()
        expect([...data.subarray(0, 3)], `${draw.kind} ${draw.size}`).toEqual(draw.head)
        expect(sha(data), `${draw.kind} ${draw.size}`).toBe(draw.sha)
      }
    })

    it(`gives deferred draws of seed ${seed} the same values when they are read backwards`, () => {
      const generator = new Generator(BigInt(seed))
      const deferred = draws.map(draw => defer(generator, draw))
      const hashes = deferred.map((compute, i) => [i, compute] as const).reverse()
      for (const [i, compute] of hashes) expect(sha(compute()), `draw ${i}`).toBe(draws[i].sha)
    })
  }

  it('repeats a deferred draw when it is read twice', () => {
    const draw = new Generator(3).deferNormal(40)
    expect(draw()).toEqual(draw())
  })
})
