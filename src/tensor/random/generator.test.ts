import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MemoryError } from '../../base/errors.js'
import { deriveSeed, RandomGenerator } from './generator.js'

interface Draw {
  kind: 'rand' | 'randn' | 'uniform' | 'normal'
  size: number
  a: number
  b: number
  sha: string
  head: number[]
}
const golden = JSON.parse(
  readFileSync(new URL('../../../test/goldens/random/draws.json', import.meta.url), 'utf8')
) as { sequences: { seed: string; draws: Draw[] }[] }

function sha(data: Float32Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16)
}

function defer(generator: RandomGenerator, { kind, size, a, b }: Draw): () => Float32Array {
  return kind === 'rand' || kind === 'uniform'
    ? generator.deferUniform(size, a, b)
    : generator.deferNormal(size, a, b)
}

describe('Generator', () => {
  for (const { seed, draws } of golden.sequences) {
    it(`draws what torch draws from seed ${seed}, bit for bit`, () => {
      const generator = new RandomGenerator(BigInt(seed))
      for (const draw of draws) {
        const data = defer(generator, draw)()
        expect([...data.subarray(0, 3)], `${draw.kind} ${draw.size}`).toEqual(draw.head)
        expect(sha(data), `${draw.kind} ${draw.size}`).toBe(draw.sha)
      }
    })

    it(`gives deferred draws of seed ${seed} the same values when they are read backwards`, () => {
      const generator = new RandomGenerator(BigInt(seed))
      const deferred = draws.map(draw => defer(generator, draw))
      const hashes = deferred.map((compute, i) => [i, compute] as const).reverse()
      for (const [i, compute] of hashes) expect(sha(compute()), `draw ${i}`).toBe(draws[i].sha)
    })
  }

  it('computes the same deferred draws in any order, however far apart', () => {
    const sizes = [3, 2_500_000, 5, 1_200_000, 7]
    const ahead = new RandomGenerator(9)
    const expected = sizes.map(size => sha(ahead.uniform(size)))
    const generator = new RandomGenerator(9)
    const deferred = sizes.map(size => generator.deferUniform(size))
    for (const i of [4, 0, 4, 2, 4, 1, 3, 2, 0]) expect(sha(deferred[i]()), `draw ${i}`).toBe(expected[i])
  })

  it("returns the stream's words, and continues after them", () => {
    // torch 1.13: torch.empty(4, dtype=torch.int64).random_(0, 2**32 - 1, generator=g), then torch.rand(1, generator=g)
    const generator = new RandomGenerator(5)
    expect([...generator.words(4)]).toEqual([953453411, 236996814, 3739766767, 3570525885])
    expect([...generator.words(0)]).toEqual([])
    expect(generator.uniform(1)[0]).toBe(Math.fround(0.9201034307479858))
  })

  it('draws float64 one by one, normals in pairs', () => {
    // torch 1.13: torch.rand(2, dtype=torch.float64), torch.randn(1, dtype=torch.float64) three times, torch.rand(1)
    const generator = new RandomGenerator(5)
    expect([generator.nextDouble(), generator.nextDouble()]).toEqual([0.6420150066280941, 0.2597579151763153])
    // To fifteen digits: the last bit of a sine depends on the platform.
    for (const normal of [-0.5580962308236769, 0.6675243015344896, -0.19741509323400558]) {
      expect(generator.nextNormal()).toBeCloseTo(normal, 15)
    }
    expect(generator.uniform(1)[0]).toBe(Math.fround(0.07241219282150269))
  })

  it.each(['uniform', 'normal'] as const)('draws nothing where %s finds no memory', kind => {
    const generator = new RandomGenerator(5)
    expect(() => generator[kind](2 ** 40 + 1)).toThrow(MemoryError)
    expect(generator.uniform(3)).toEqual(new RandomGenerator(5).uniform(3))
  })

  it('repeats a deferred draw when it is read twice', () => {
    const draw = new RandomGenerator(3).deferNormal(40)
    expect(draw()).toEqual(draw())
  })
})

describe('deriveSeed', () => {
  it('is a 32-bit seed, the same for the same place', () => {
    expect(deriveSeed(1, 2, 3)).toBe(deriveSeed(1, 2, 3))
    expect(deriveSeed(-1, 2 ** 31)).toBe(deriveSeed(-1, 2 ** 31))
    for (const seed of [deriveSeed(0), deriveSeed(-1, 0), deriveSeed(2 ** 32 - 1, 7)]) {
      expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true)
    }
  })

  it('differs between places, even if their numbers are swapped', () => {
    const seeds = new Set<number>()
    for (let seed = 0; seed < 10; seed++) {
      for (let epoch = 0; epoch < 10; epoch++) {
        for (let index = 0; index < 1000; index++) seeds.add(deriveSeed(seed, epoch, index))
      }
    }
    // Of 100,000 draws out of 2³², about one pair collides.
    expect(seeds.size).toBeGreaterThan(99_990)
  })
})
