// Feature maps and filters of layers that have the names of a graph's inputs and outputs.
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { mean } from '../ir/functional/reduction.js'
import type { Value } from '../ir/ops.js'
import { Conv2d } from '../nn/layers/convolution.js'
import { Module } from '../nn/module/module.js'
import { OutputError } from '../nn/trace/output-names.js'
import { EngineError, type Engine, type LoadedProgram, type Program } from '../runtime/engine.js'
import { manualSeed, rand } from '../tensor/random/random.js'
import { Tensor } from '../tensor/tensor.js'
import { ExplainError } from './explanation.js'
import { featureMaps, filtersOf } from './features.js'

const unused = (): never => {
  throw new EngineError('this engine keeps no state')
}

/** Runs small programs with embedded weights in the test's process. */
const engine: Engine = {
  isOpen: true,
  async load({ onnx }: Program): Promise<LoadedProgram> {
    const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1 })
    return {
      device: 'cpu',
      async run(inputs) {
        const feeds = Object.entries(inputs).map(
          ([name, { data, shape }]) => [name, new OrtTensor('float32', data as Float32Array, shape)] as const
        )
        const results = Object.entries(await session.run(Object.fromEntries(feeds)))
        return Object.fromEntries(
          results.map(([name, { data, dims }]) => [name, new Tensor(data as Float32Array, dims, 'float32')])
        )
      },
      dispose: () => session.release(),
      [Symbol.asyncDispose]: () => session.release()
    }
  },
  createState: unused,
  dispose: async () => {},
  [Symbol.asyncDispose]: async () => {}
}

/** Two convolutions under given names. */
class Two extends Module {
  readonly #names: readonly [string, string]
  constructor(...names: [string, string]) {
    super()
    manualSeed(1)
    this.#names = names
    for (const [i, name] of names.entries()) Reflect.set(this, name, new Conv2d(3, i === 0 ? 3 : 4, 3))
  }
  forward(x: Value): Value {
    const layers = new Map(this.namedChildren())
    const maps = this.#names.reduce((value, name) => layers.get(name)?.(value) ?? value, x)
    return mean(maps, [2, 3])
  }
}
const input = ['N', 3, 8, 8] as const

describe('featureMaps', () => {
  it('returns the maps of a layer of any name', async () => {
    const images = rand([2, 3, 8, 8])
    const of = async (net: Module, layer: string): Promise<unknown> => {
      await using features = await featureMaps(net, { input, layer, engine })
      expect(features.layer).toBe(layer)
      return await features(images)
    }
    const [first, second] = [await of(new Two('a', 'b'), 'a'), await of(new Two('a', 'b'), 'b')]
    expect([first, second]).toMatchObject([
      { maps: { shape: [2, 3, 6, 6] }, logits: { shape: [2, 4] } },
      { maps: { shape: [2, 4, 4, 4] }, logits: { shape: [2, 4] } }
    ])
    for (const [a, b] of [
      ['x', 'logits'],
      ['logits', 'x'],
      ['maps', 'kept/0']
    ]) {
      expect(await of(new Two(a, b), a)).toEqual(first)
      expect(await of(new Two(a, b), b)).toEqual(second)
    }
  })

  it('reports unknown layers, and layers without a feature map', async () => {
    class Flat extends Module {
      readonly x = new Two('a', 'b')
      forward(x: Value): Value {
        return this.x(x)
      }
    }
    const flat = featureMaps(new Flat(), { input, layer: 'x', engine })
    await expect(flat).rejects.toThrow(ExplainError)
    await expect(flat).rejects.toThrow(/^x gives \[N, 4\].*x\.b is the last layer that gives one$/)
    const none = featureMaps(new Flat(), { input, layer: 'logits', engine })
    await expect(none).rejects.toThrow(OutputError)
  })
})

describe('filtersOf', () => {
  it('finds a convolution of any name', () => {
    const net = new Two('x', 'logits')
    expect(filtersOf(net, input).path).toBe('x')
    expect(filtersOf(net, input, 'logits').weight.shape).toEqual([4, 3, 3, 3])
    expect(() => filtersOf(net, input, 'a')).toThrow(OutputError)
  })
})
