import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ResnetError } from '../base/errors.js'
import { manualSeed, randn } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { Tensor, tensor, zeros } from '../tensor/tensor.js'
import { adaptInputChannels } from './adapt-input-channels.js'

const golden = JSON.parse(
  readFileSync(new URL('../../test/goldens/weights/input-channels.json', import.meta.url), 'utf8')
) as {
  readonly shape: readonly number[]
  readonly weight: string
  readonly adapted: Readonly<Record<string, string>>
  readonly half: { readonly weight: string; readonly adapted: string }
  readonly grey: { readonly weight: string; readonly adapted: Readonly<Record<string, string>> }
}

const bytes = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer
const floats = (text: string): Float32Array => new Float32Array(bytes(text))
const adapt = (weight: Tensor, channels: number): Tensor | undefined =>
  adaptInputChannels(new Map([['conv1.weight', weight]]), 'conv1.weight', channels).get('conv1.weight')

describe('adaptInputChannels', () => {
  const weight = tensor(floats(golden.weight), golden.shape)

  it.each(Object.entries(golden.adapted))(
    'gives the numbers of timm for %s channels',
    (channels, expected) => {
      const adapted = adapt(weight, Number(channels))
      expect(adapted?.shape).toEqual([4, Number(channels), 3, 3])
      expect(adapted?.data).toEqual(floats(expected))
    }
  )

  it('converts half precision to float32, and grey to colour', () => {
    const half = new Tensor(new Uint16Array(bytes(golden.half.weight)), golden.shape, 'float16')
    expect(adapt(half, 1)?.data).toEqual(floats(golden.half.adapted))
    expect(adapt(tensor(floats(golden.grey.weight), [4, 1, 3, 3]), 3)?.data).toEqual(
      floats(golden.grey.adapted['3'])
    )
  })

  it('shares the other tensors, and does not modify the state dict', () => {
    manualSeed(1)
    const state: StateDict = new Map([
      ['conv1.weight', randn([2, 3, 1, 1])],
      ['fc.bias', zeros([2])]
    ])
    const adapted = adaptInputChannels(state, 'conv1.weight', 1)
    expect(state.get('conv1.weight')?.shape).toEqual([2, 3, 1, 1])
    expect(adapted.get('fc.bias')).toBe(state.get('fc.bias'))
    expect([...adapted.keys()]).toEqual([...state.keys()])
    expect(adaptInputChannels(state, 'conv1.weight', 3).get('conv1.weight')).toBe(state.get('conv1.weight'))
  })

  it('reports errors', () => {
    const state: StateDict = new Map([
      ['conv1.weight', zeros([2, 3, 1, 1])],
      ['fc.bias', zeros([2])]
    ])
    expect(() => adaptInputChannels(state, 'conv2.weight', 1)).toThrow(
      new ResnetError("adaptInputChannels: there is no tensor 'conv2.weight'; did you mean conv1.weight?")
    )
    expect(() => adaptInputChannels(state, 'fc.bias', 1)).toThrow('fc.bias is float32[2], no convolution')
    expect(() => adaptInputChannels(state, 'conv1.weight', 1.5)).toThrow('a whole number of channels above 0')
  })
})
