import { describe, expect, it } from 'vitest'
import { collectGraph } from '../../ir/graph.js'
import { graphInput } from '../../ir/operand.js'
import { interpret } from '../../ir/testing/interpret.js'
import { rand } from '../../tensor/random/random.js'
import { tensor } from '../../tensor/tensor.js'
import { collectEffects } from '../trace/effects.js'
import { trace } from '../trace/trace.js'
import { StochasticDepth } from './dropout.js'

const SHAPE = [3, 2, 2, 2]

/** What comes out while training, of the draws it is given. */
function run(layer: StochasticDepth, draws: readonly number[]): { x: number[]; y: number[] } {
  const value = graphInput('x', SHAPE)
  const { result, effects } = collectEffects(() => layer(value))
  const graph = collectGraph([value, ...effects.noise], [{ name: 'y', value: result }])
  const x = rand(SHAPE)
  const noise = effects.noise.map(({ shape }, i) => [
    `noise/${i}`,
    tensor(Float32Array.from(draws), shape.map(Number))
  ])
  const { y } = interpret(graph, { x, ...(Object.fromEntries(noise) as Record<string, typeof x>) })
  return { x: [...x.data], y: [...y.data] }
}

describe('StochasticDepth', () => {
  it('drops whole items, each by its own draw, and scales the others', () => {
    const { x, y } = run(new StochasticDepth(0.25, 'row'), [0.1, 0.3, 0.9])
    const expected = x.map((value, i) => (i < 8 ? 0 : value / 0.75))
    expect(Math.max(...y.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-6)
  })

  it('drops the whole batch by one draw', () => {
    expect(run(new StochasticDepth(0.5, 'batch'), [0.4]).y.every(value => value === 0)).toBe(true)
    const { x, y } = run(new StochasticDepth(0.5, 'batch'), [0.6])
    expect(y).toEqual(x.map(value => 2 * value))
  })

  it('drops everything at one, nothing at zero, and nothing in evaluation', () => {
    expect(run(new StochasticDepth(1, 'row'), [0.1, 0.5, 0.9]).y.every(value => value === 0)).toBe(true)
    const { x, y } = run(new StochasticDepth(0, 'row'), [])
    expect(y).toEqual(x)
    const { graph } = trace(new StochasticDepth(0.5, 'row'), ['N', 4])
    expect(graph.outputs[0].value).toBe(graph.inputs[0])
  })

  it('refuses what is no probability and no mode', () => {
    for (const p of [-0.1, 1.1, NaN])
      expect(() => new StochasticDepth(p, 'row')).toThrow(
        `StochasticDepth: p: expected a number from 0 to 1, got ${p}`
      )
    expect(() => new StochasticDepth(0.1, 'column' as 'row')).toThrow(
      "StochasticDepth: mode: expected 'batch' or 'row', got 'column'"
    )
  })
})
