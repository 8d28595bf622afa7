import { describe, expect, it } from 'vitest'
import { answerLines, WRITINGS, type Answer } from './answers.js'

const ANSWERS: readonly Answer[] = [
  {
    image: 'a, "b".png',
    top: [
      { label: 'tabby, cat', index: 281, score: 0.75 },
      { label: 'tiger', index: 292, score: 0.25 }
    ]
  },
  { image: 'c\u001b.png', error: 'is truncated' }
]

function written(format: keyof typeof WRITINGS, answers = ANSWERS): string {
  const { start, answer, end } = WRITINGS[format]
  return start + answers.map((each, i) => answer(each, i === 0)).join('') + end(answers.length === 0)
}

describe('the answers of predict', () => {
  it('say that nothing reaches the threshold', () => {
    const none = { image: 'a.png', top: [] }
    expect(answerLines(none, true)).toEqual([['a.png: nothing reaches the threshold']])
    expect(answerLines(none, false)).toEqual([['nothing reaches the threshold']])
    expect(written('csv', [none])).toContain('\na.png,,,,,\n')
  })

  it('are the JSON that would be written of all at once', () => {
    const all = JSON.stringify(ANSWERS, undefined, 2)
    expect(written('json')).toBe(`${all}\n`)
    expect(written('json', [])).toBe('[]\n')
  })

  it('are a line of JSON each', () => {
    const lines = written('jsonl').trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(ANSWERS)
    expect(written('jsonl', [])).toBe('')
  })

  it('are rows of CSV, one for each class', () => {
    expect(written('csv')).toBe(
      'image,rank,label,index,score,error\n' +
        '"a, ""b"".png",1,"tabby, cat",281,0.75,\n' +
        '"a, ""b"".png",2,tiger,292,0.25,\n' +
        'c\\u{1b}.png,,,,,is truncated\n'
    )
  })

  it('are lines for a reader, named if there are several', () => {
    const plain = (answer: Answer, isNamed: boolean): string[] =>
      answerLines(answer, isNamed).map(line =>
        typeof line === 'string'
          ? line
          : line.map(part => (typeof part === 'string' ? part : part.text)).join('')
      )
    expect(plain(ANSWERS[0], false)).toEqual([' 75.00 %  tabby, cat', ' 25.00 %  tiger'])
    expect(plain(ANSWERS[0], true)[0]).toBe('a, "b".png')
    expect(plain(ANSWERS[1], true)).toEqual(['c\u001b.png: is truncated'])
  })
})
