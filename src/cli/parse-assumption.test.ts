import { expect, it } from 'vitest'
import { parseAssumption } from './parse-assumption.js'

it('reads what is assumed, one after another', () => {
  const first = parseAssumption('strideIn1x1')
  expect(first).toEqual({ strideIn1x1: true })
  expect(parseAssumption('pixels=caffe', first)).toEqual({ strideIn1x1: true, pixels: 'caffe' })
  expect(parseAssumption('eps = 1e-3')).toEqual({ eps: 0.001 })
  expect(parseAssumption('activatesShortcut=false')).toEqual({ activatesShortcut: false })
  expect(parseAssumption('replaceStrideWithDilation=false,true,true')).toEqual({
    replaceStrideWithDilation: [false, true, true]
  })
})

it.each([
  ['stride', 'There is no stride'],
  ['strideIn1x', 'did you mean strideIn1x1?'],
  ['eps=x', 'eps: expected a number of at least 0'],
  ['eps', 'eps: expected a number of at least 0'],
  ['eps=1=2', 'eps: expected a number of at least 0'],
  ['pixels=rgba', "pixels: expected 'rgb', 'bgr' or 'caffe'"],
  ['replaceStrideWithDilation=true', 'replaceStrideWithDilation: expected']
])('says what is wrong with %s', (text, sentence) => {
  expect(() => parseAssumption(text)).toThrow(sentence)
})
