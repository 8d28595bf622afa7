import { describe, expect, it } from 'vitest'
import { moduleSource, wordsForThrown } from './module-source.js'

const LIBRARY = new Map([
  ['resnet-ts', 'blob:1'],
  ['resnet-ts/functional', 'blob:2']
])

describe('moduleSource', () => {
  it('leads imports of the library to where it is, and leaves the rest as it is', () => {
    const code = `import { Conv2d } from "resnet-ts"\nexport { relu } from 'resnet-ts/functional'\nconst said = "from 'resnet-ts'"`
    expect(moduleSource(code, LIBRARY)).toBe(
      `import { Conv2d } from "blob:1"\nexport { relu } from "blob:2"\nconst said = "from 'resnet-ts'"`
    )
  })

  it('says where code is no JavaScript', () => {
    expect(() => moduleSource('const a = 1\nconst b = = 2', LIBRARY)).toThrow(
      'Line 2, column 11: Unexpected token.'
    )
  })

  it('says what it cannot import', () => {
    expect(() => moduleSource("import fs from 'node:fs'", LIBRARY)).toThrow(
      "It imports 'node:fs'; only resnet-ts, resnet-ts/functional can be imported here."
    )
  })
})

describe('wordsForThrown', () => {
  it.each([
    [new TypeError('mine'), 'mine'],
    [new RangeError(''), 'RangeError'],
    [null, 'It threw null.'],
    [Symbol('mine'), 'It threw Symbol(mine).'],
    [Object.create(null), 'It threw something that cannot be shown.']
  ])('puts %o into words', (thrown, said) => {
    expect(wordsForThrown(thrown)).toBe(said)
  })

  it('cuts what would fill the page', () => {
    expect(wordsForThrown(new Error('x'.repeat(1e6))).length).toBeLessThan(3000)
  })
})
