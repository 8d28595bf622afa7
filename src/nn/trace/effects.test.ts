// What a pass does beside its result while training: running statistics against their formulas, and dropout's noise.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add } from '../../ir/functional/elementwise.js'
import { cat } from '../../ir/functional/shaping.js'
import { collectGraph, type Graph } from '../../ir/graph.js'
import { graphInput } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { expectClose } from '../../ir/testing/expect-close.js'
import type { Float64Tensor } from '../../ir/testing/float64-tensor.js'
import { interpret } from '../../ir/testing/interpret.js'
import { ResnetError, ShapeError } from '../../base/errors.js'
import { RandomGenerator } from '../../tensor/random/generator.js'
import { rand, randn } from '../../tensor/random/random.js'
import { sizeOf, tensor, type Tensor } from '../../tensor/tensor.js'
import { collectEffects, uniformNoise, updateBuffer } from './effects.js'
import { BatchNorm2d, type BatchNorm2dOptions } from '../layers/normalisation.js'
import { Conv2d } from '../layers/convolution.js'
import { Dropout } from '../layers/dropout.js'
import { Sequential } from '../layers/containers.js'
import { Module } from '../module/module.js'
import type { ModuleBuffer } from '../module/parameter.js'
import { trace, traceTraining } from './trace.js'

/** Both sides are float64, but for constants that a graph holds in float32. */
const TOLERANCE = 1e-7

const draw = (shape: readonly number[], seed: number): Tensor<'float32'> =>
  randn(shape, { generator: new RandomGenerator(seed) })

/** A module's pass in training as a graph whose outputs are its result and the next value of every buffer. */
const stepOf = (module: Module, shape: readonly number[]): Graph => {
  const { input: x, output, effects } = traceTraining(module, shape)
  const names = new Map(Array.from(module.namedBuffers(), ([name, buffer]) => [buffer, name]))
  const updates = Array.from(effects.updates, ([buffer, value]) => ({ name: names.get(buffer) ?? '', value }))
  return collectGraph([x, ...effects.noise], [{ name: 'out', value: output }, ...updates])
}

/** Mean, and both variances, of every channel, by the book. */
const statistics = ({ data, shape }: Tensor<'float32'>): Record<'mean' | 'biased' | 'unbiased', number[]> => {
  const [items, channels, ...sides] = shape
  const pixels = sizeOf(sides)
  const found = Array.from({ length: channels }, (_, channel) => {
    const values = Array.from(data).filter((_value, i) => Math.floor(i / pixels) % channels === channel)
    const count = items * pixels
    const mean = values.reduce((sum, value) => sum + value, 0) / count
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    return { mean, biased: squares / count, unbiased: squares / (count - 1) }
  })
  const all = (key: 'mean' | 'biased' | 'unbiased'): number[] => found.map(each => each[key])
  return { mean: all('mean'), biased: all('biased'), unbiased: all('unbiased') }
}

const setBuffer = (buffer: ModuleBuffer | undefined, data: Tensor): void => {
  if (!buffer) throw new TypeError('there is no such buffer')
  buffer.data = data
}

/** A layer whose statistics are already somewhere. */
const normOf = (channels: number, options: BatchNorm2dOptions, seed: number): BatchNorm2d => {
  const norm = new BatchNorm2d(channels, options)
  setBuffer(norm.running_mean, draw([channels], seed))
  setBuffer(norm.running_var, rand([channels], { generator: new RandomGenerator(seed + 1) }))
  setBuffer(norm.num_batches_tracked, tensor(BigInt64Array.of(41n), []))
  return norm
}

const vector = (data: readonly number[]): Float64Tensor => ({
  data: Float64Array.from(data),
  shape: [data.length]
})

describe('batch normalisation in training', () => {
  it('moves its statistics by its momentum towards the batch’s, whose variance is unbiased', () => {
    const cases = fc.record({
      shape: fc.tuple(fc.integer({ min: 2, max: 4 }), fc.nat(3), fc.nat(3), fc.nat(3)),
      momentum: fc.constantFrom(0.1, 0.25, 0, 1),
      seed: fc.nat(1000)
    })
    fc.assert(
      fc.property(cases, ({ shape: [items, ...rest], momentum, seed }) => {
        const [channels, rows, columns] = rest.map(size => size + 1)
        const norm = normOf(channels, { momentum }, seed)
        const x = draw([items, channels, rows, columns], seed + 2)
        const found = interpret(stepOf(norm, x.shape), { x })
        const { mean, unbiased } = statistics(x)
        const moved = (running: ModuleBuffer | undefined, batch: readonly number[]): Float64Tensor =>
          vector(batch.map((value, i) => (1 - momentum) * Number(running?.data.data[i]) + momentum * value))
        expectClose(found.running_mean, moved(norm.running_mean, mean), TOLERANCE, 'running_mean')
        expectClose(found.running_var, moved(norm.running_var, unbiased), TOLERANCE, 'running_var')
        expect(found.num_batches_tracked).toEqual({ data: Float64Array.of(42), shape: [] })
      }),
      { seed: 7 }
    )
  })

  it('averages all batches alike where there is no momentum', () => {
    const norm = new BatchNorm2d(2, { momentum: null })
    const graph = stepOf(norm, [3, 2, 2, 2])
    const batches = [1, 2, 3, 4].map(seed => draw([3, 2, 2, 2], seed))
    for (const [i, x] of batches.entries()) {
      const { running_mean, running_var, num_batches_tracked } = interpret(graph, { x })
      const seen = batches.slice(0, i + 1).map(statistics)
      const average = (key: 'mean' | 'unbiased'): Float64Tensor =>
        vector([0, 1].map(channel => seen.reduce((sum, each) => sum + each[key][channel], 0) / seen.length))
      expectClose(running_mean, average('mean'), 1e-6, `running_mean after ${i + 1}`)
      expectClose(running_var, average('unbiased'), 1e-6, `running_var after ${i + 1}`)
      expect(num_batches_tracked.data[0]).toBe(i + 1)
      setBuffer(norm.running_mean, tensor(Array.from(running_mean.data)))
      setBuffer(norm.running_var, tensor(Array.from(running_var.data)))
      setBuffer(norm.num_batches_tracked, tensor(BigInt64Array.of(BigInt(i + 1)), []))
    }
  })

  it('normalises by the batch’s own statistics, its variance biased', () => {
    const norm = normOf(2, { eps: 0.5 }, 3)
    const x = draw([3, 2, 2, 1], 5)
    const { mean, biased } = statistics(x)
    const expected = Float64Array.from(x.data, (value, i) => {
      const channel = Math.floor(i / 2) % 2
      return (value - mean[channel]) / Math.sqrt(biased[channel] + 0.5)
    })
    const { out } = interpret(stepOf(norm, x.shape), { x })
    expectClose(out, { data: expected, shape: x.shape }, TOLERANCE)
  })

  it('used twice in a pass follows both batches, one after the other', () => {
    class Twice extends Module {
      norm = normOf(1, { momentum: 0.25, affine: false }, 3)
      forward(x: Value): Value {
        return this.norm(add(this.norm(x), 3))
      }
    }
    const net = new Twice()
    const x = draw([4, 1, 1, 2], 9)
    const found = interpret(stepOf(net, x.shape), { x })
    const [first] = statistics(x).mean
    const [before] = net.norm.running_mean?.data.data ?? []
    const once = 0.75 * Number(before) + 0.25 * first
    // The second time it is given numbers with mean 3.
    expectClose(found['norm.running_mean'], vector([0.75 * once + 0.25 * 3]), TOLERANCE)
    expect(found['norm.num_batches_tracked'].data).toEqual(Float64Array.of(43))
  })

  it('gives who reads a statistic after a call the new one, and who reads it before the old one', () => {
    class Reading extends Module {
      norm = normOf(1, { momentum: 0.25 }, 3)
      forward(x: Value): Value {
        const { running_mean } = this.norm
        if (!running_mean) throw new TypeError('statistics are tracked')
        const before = add(running_mean, 0.5)
        this.norm(x)
        return cat([before, add(running_mean, 0.5)], 0)
      }
    }
    const x = draw([4, 1, 1, 2], 9)
    const reading = new Reading()
    const { out, 'norm.running_mean': next } = interpret(stepOf(reading, x.shape), { x })
    const [old] = reading.norm.running_mean?.data.data ?? []
    expect(next.data[0]).not.toBe(old)
    expectClose(out, vector([Number(old) + 0.5, next.data[0] + 0.5]), TOLERANCE)
  })

  it('has no effect where it is frozen, keeps no statistics, or nobody trains', () => {
    const x = draw([3, 2, 2, 2], 5)
    const net = new Sequential({ frozen: normOf(2, {}, 1), trained: normOf(2, {}, 4) })
    const [frozen] = net.children()
    frozen.eval()
    expect(Object.keys(interpret(stepOf(net, x.shape), { x }))).toEqual([
      'out',
      'trained.num_batches_tracked',
      'trained.running_mean',
      'trained.running_var'
    ])
    const evaluated = interpret(trace(frozen, x.shape).graph, { x }).logits
    expect(interpret(stepOf(frozen, x.shape), { x })).toEqual({ out: evaluated })

    const bare = new BatchNorm2d(2, { trackRunningStats: false })
    expect(Object.keys(interpret(stepOf(bare, x.shape), { x }))).toEqual(['out'])
    const { result, effects } = collectEffects(() => trace(net, x.shape))
    expect(result.graph.outputs.map(({ name }) => name)).toEqual(['logits'])
    expect({ updates: effects.updates.size, noise: effects.noise }).toEqual({ updates: 0, noise: [] })
  })

  it('leaves the buffers themselves alone', () => {
    const norm = normOf(2, {}, 1)
    const before = norm.stateDict()
    interpret(stepOf(norm, [3, 2, 2, 2]), { x: draw([3, 2, 2, 2], 5) })
    expect(norm.stateDict()).toEqual(before)
    expect(norm.num_batches_tracked?.data.data).toEqual(BigInt64Array.of(41n))
  })

  it('needs more than one value for each channel, and to know how many', () => {
    const net = new Sequential({ conv: new Conv2d(1, 2, 3), bn: new BatchNorm2d(2) })
    expect(() => traceTraining(net, [1, 1, 3, 3])).toThrow(ShapeError)
    expect(() => traceTraining(net, [1, 1, 3, 3])).toThrow(
      'bn: BatchNorm2d: expected more than one value per channel when training, got [1, 2, 1, 1]'
    )
    expect(() => traceTraining(net, ['N', 1, 8, 8])).toThrow('bn: BatchNorm2d')
    expect(() => traceTraining(net.eval(), [1, 1, 3, 3])).not.toThrow()
  })
})

describe('dropout', () => {
  const x = draw([2, 3, 4], 1)

  it.each([0.5, 0.25, 0.9])('with p = %d drops what draws up to p, and scales the rest', p => {
    const { input: fed, output, effects } = traceTraining(new Dropout(p), x.shape)
    expect(effects.noise.map(({ shape, origin }) => ({ shape, origin }))).toEqual([
      { shape: [2, 3, 4], origin: { kind: 'input', name: 'noise/0' } }
    ])
    const noise = rand(x.shape, { generator: new RandomGenerator(8) })
    const graph = collectGraph([fed, ...effects.noise], [{ name: 'out', value: output }])
    const { out } = interpret(graph, { x, 'noise/0': noise })
    const expected = Float64Array.from(x.data, (value, i) => (noise.data[i] > p ? value / (1 - p) : 0))
    expectClose(out, { data: expected, shape: x.shape }, TOLERANCE)
    const dropped = expected.filter(value => value === 0).length
    expect(dropped).toBeGreaterThan(0)
    expect(dropped).toBeLessThan(24)
  })

  it('with p = 1 drops everything, and with p = 0 nothing and draws nothing', () => {
    const all = traceTraining(new Dropout(1), x.shape)
    const graph = collectGraph([all.input, ...all.effects.noise], [{ name: 'out', value: all.output }])
    const noise = Object.fromEntries(
      all.effects.noise.map((_, i) => [`noise/${i}`, rand(x.shape, { generator: new RandomGenerator(i) })])
    )
    const { out } = interpret(graph, { x, ...noise })
    expect(out.data.every(value => value === 0)).toBe(true)

    const none = traceTraining(new Dropout(0), x.shape)
    expect(none.output).toBe(none.input)
    expect(none.effects.noise).toEqual([])
  })

  it('draws only in training, each layer its own', () => {
    const net = new Sequential(new Dropout(0.5), new Dropout(0.5), new Dropout(0.5))
    const names = (): string[] =>
      traceTraining(net, x.shape).effects.noise.map(({ origin }) =>
        origin.kind === 'input' ? origin.name : ''
      )
    expect(names()).toEqual(['noise/0', 'noise/1', 'noise/2'])
    const [, second] = net.children()
    second.eval()
    expect(names()).toEqual(['noise/0', 'noise/1'])
    net.eval()
    expect(names()).toEqual([])
    const { input: fed, output } = traceTraining(net, x.shape)
    expect(output).toBe(fed)
    expect(trace(net.train(), x.shape).graph.inputs).toHaveLength(1)
  })
})

describe('effects', () => {
  const norm = new BatchNorm2d(2)
  const [, buffer] = [...norm.namedBuffers()][0]

  it('are gathered by the innermost that asks, also after an error', () => {
    const next = graphInput('next', [2])
    const { effects: outer } = collectEffects(() => {
      uniformNoise('first', [1])
      const { effects: inner } = collectEffects(() => {
        updateBuffer(buffer, () => next)
        uniformNoise('second', [2])
      })
      expect([...inner.updates]).toEqual([[buffer, next]])
      expect(inner.noise.map(({ shape }) => shape)).toEqual([[2]])
      expect(() =>
        collectEffects(() => {
          throw new Error('stop')
        })
      ).toThrow('stop')
      uniformNoise('third', [3])
    })
    expect(outer.updates.size).toBe(0)
    expect(outer.noise.map(({ shape }) => shape)).toEqual([[1], [3]])
  })

  it('are none where nobody gathers them: buffers stay, and there is no noise', () => {
    updateBuffer(buffer, () => {
      throw new Error('nobody asked for a next value')
    })
    expect(() => uniformNoise('Dropout', [1])).toThrow(ResnetError)
    expect(() => new Dropout(0.5)(graphInput('x', [1]))).toThrow('Dropout: a graph has no random numbers')
  })
})
