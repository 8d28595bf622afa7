import { expect, it } from 'vitest'
import { LONGEST_FAULT, readAnswer } from './pasted-answer.js'

it.each<[unknown, string, string]>([
  ['outline:{"root":{}}', 'outline', '{"root":{}}'],
  ['fault:It: has none.', 'fault', 'It: has none.'],
  ['broken:out of memory', 'broken', 'out of memory'],
  ['fault:', 'fault', ''],
  ['{"outline":{}}', 'broken', 'its answer is none'],
  ['constructor:', 'broken', 'its answer is none'],
  [{ kind: 'outline' }, 'broken', 'its answer is none'],
  [undefined, 'broken', 'its answer is none']
])('takes %j apart', (said, kind, text) => {
  expect(readAnswer(said)).toEqual({ kind, text })
})

it.each(['fault', 'broken'])('cuts what is shown: %s', kind => {
  const { text } = readAnswer(`${kind}:${'x'.repeat(LONGEST_FAULT + 9)}`)
  expect(text).toBe(`${'x'.repeat(LONGEST_FAULT)}…`)
})
