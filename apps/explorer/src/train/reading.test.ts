import { describe, expect, it } from 'vitest'
import { en } from '../words/en.js'
import { zh } from '../words/zh.js'
import type { LaneEnd } from '../lab/train-lane.js'
import type { History, LaneHistory } from './history.js'
import { readHistory, sayFact, type Fact } from './reading.js'

const STEPS = 40
const NAMES = ['F(x)', 'F(x) + x'] as const

/** A network that always had the same loss, and the same share of its gradient in the first layer. */
function lane(loss: number, reach: number, accuracy: number, end?: LaneEnd): LaneHistory {
  return {
    losses: Array.from({ length: STEPS }, () => loss),
    reaches: Array.from({ length: STEPS }, () => reach),
    gradients: [reach, 1],
    accuracies: [{ after: STEPS, value: accuracy }],
    ...(end ? { end } : {})
  }
}

const kinds = (history: History): string[] => readHistory(history).map(({ kind }) => kind)
const say = (history: History): string[] => readHistory(history).map(fact => sayFact(fact, NAMES, en.train))

describe('what is read off a history', () => {
  it('is what the numbers show: the plain network guesses, its gradient has vanished', () => {
    expect(say([lane(2.3, 1 / 60, 0.1), lane(0.23, 0.42, 0.95)])).toEqual([
      'After 40 steps F(x) still guesses (10.0 %), while F(x) + x recognises 95.0 % of the digits.',
      'The loss of F(x) + x is 10 times lower than that of F(x).',
      'In F(x) the first layer’s gradient is 1/60 of the last layer’s, in F(x) + x 0.42 of it (medians of the last ten steps). In F(x) it vanishes.'
    ])
  })

  it('turns round with the numbers', () => {
    const [first, second, third] = say([lane(0.23, 3.1, 0.95), lane(2.3, 1e-8, 0.1)])
    expect(first).toBe(
      'After 40 steps F(x) + x still guesses (10.0 %), while F(x) recognises 95.0 % of the digits.'
    )
    expect(second).toBe('The loss of F(x) is 10 times lower than that of F(x) + x.')
    expect(third).toContain('is 3.1 times the last layer’s, in F(x) + x 1/100,000,000 of it')
    expect(third).toMatch(/In F\(x\) \+ x it vanishes\.$/)
  })

  it.each<[string, number, number]>([
    ['bothGuess', 0.12, 0.09],
    ['oneGuesses', 0.12, 0.4],
    ['alike', 0.95, 0.96],
    ['ahead', 0.9, 0.96]
  ])('%s', (kind, a, b) => {
    expect(kinds([lane(1, 1, a), lane(1, 1, b)])).toEqual([kind, 'reach'])
  })

  it('says little after few steps, and nothing of accuracies from different steps', () => {
    const few = { ...lane(1, 1, 0.5), losses: [1, 1] }
    expect(readHistory([few, few])).toEqual([{ kind: 'early', steps: 2 }])
    const later = { ...lane(1, 1, 0.5), accuracies: [{ after: 20, value: 0.5 }] }
    expect(kinds([lane(1, 1, 0.5), later])).toEqual(['reach'])
  })

  it('takes the median of what jumps, and leaves out what is no number', () => {
    const steady = lane(1, 0.5, 0.5)
    const reaches = steady.reaches.map((reach, i) => (i % 4 === 0 ? 1e-8 : reach))
    expect(readHistory([{ ...steady, reaches }, steady]).at(-1)).toEqual({
      kind: 'reach',
      reaches: [0.5, 0.5],
      vanishes: [false, false]
    })
    expect(kinds([lane(1, NaN, 0.5), steady])).toEqual(['alike'])
  })

  it('says how training ended', () => {
    const broken = lane(1, 1, 0.5, { kind: 'diverged', step: 41, loss: NaN })
    expect(say([lane(1, 1, 0.5), broken])[0]).toMatch(/^F\(x\) \+ x diverged at step 41/)
    const failed = lane(1, 1, 0.5, { kind: 'failed', reason: 'no memory.' })
    expect(say([failed, broken])).toHaveLength(2)
    expect(say([failed, broken])[0]).toBe('F(x) cannot be trained any further: no memory.')
  })

  it('can be said in Chinese, with the same figures', () => {
    const facts: Fact[] = [
      ...readHistory([lane(2.3, 1 / 60, 0.1), lane(0.23, 0.42, 0.95)]),
      { kind: 'alike', lane: 0, steps: 3, accuracies: [0.5, 0.5] }
    ]
    expect(facts.map(fact => sayFact(fact, NAMES, zh.train))).toEqual([
      '40 步之后，F(x) 仍相当于随机猜测（10.0%），而 F(x) + x 的准确率已达 95.0%。',
      'F(x) 的损失是 F(x) + x 的 10 倍。',
      '在 F(x) 中，第一层的梯度是最后一层的 1/60；在 F(x) + x 中是 0.42 倍（均为最近十步的中位数）。F(x) 的梯度在反向传播中消失了。',
      '3 步之后，两者不相上下：F(x) 的准确率为 50.0%，F(x) + x 为 50.0%。'
    ])
  })
})
