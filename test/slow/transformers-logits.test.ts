// transformers' ResNet: weights under its names give its logits (tools/dialects_goldens.py).
import { readFile } from 'node:fs/promises'
import { compile, openNetwork, Tensor, type StateDict } from 'resnet-ts'
import { describe, expect, it } from 'vitest'

const golden = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`../goldens/dialects/${name}`, import.meta.url), 'utf8'))
const KEYS = (await golden('keys.json')) as Record<string, { keys: Record<string, readonly number[]> }>
const LOGITS = (await golden('hf-logits.json')) as Record<'resnet18' | 'resnet26', readonly number[]>

/** The numbers that the tool gave the network, by the place of each tensor and number. */
function filled(keys: Readonly<Record<string, readonly number[]>>): StateDict {
  return new Map(
    Object.entries(keys).map(([key, shape], place): [string, Tensor] => {
      const count = shape.reduce((a, b) => a * b, 1)
      if (key.endsWith('num_batches_tracked')) return [key, new Tensor(new BigInt64Array(1), shape, 'int64')]
      const scale = Math.fround(Math.sqrt((3 * (shape[0] ?? 1)) / count))
      const data = Float32Array.from({ length: count }, (_, i) => {
        const value = Math.fround(((i * 7919 + place * 104729) % 2039) / 1019 - 1)
        if (key.endsWith('running_var')) return 1 + value / 4
        if (shape.length === 1) return value / 8 + (key.includes('weight') ? 1 : 0)
        return value * scale
      })
      return [key, new Tensor(data, shape, 'float32')]
    })
  )
}

describe("transformers' ResNet", () => {
  it.each(['resnet18', 'resnet26'] as const)('%s has its logits under its names', async model => {
    const { net } = await openNetwork(model, { weights: filled(KEYS[`hf ${model}`].keys) })
    await using run = await compile(net, { input: [1, 3, 64, 64] })
    const x = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => ((i * 31) % 251) / 251)
    const { data } = await run(new Tensor(x, [1, 3, 64, 64], 'float32'))
    const expected = LOGITS[model]
    const largest = Math.max(...expected.map(Math.abs))
    const apart = expected.map((value, i) => Math.abs(value - data[i]) / largest)
    expect(Math.max(...apart)).toBeLessThan(1e-5)
  })
})
