import { describe, expect, it } from 'vitest'
import { moduleSource } from './module-source.js'

describe('moduleSource', () => {
  it('leads imports of the library to where it is, and leaves the rest as it is', () => {
    const code = `import { Conv2d } from "resnet-ts"\nexport { relu } from 'resnet-ts'\nconst said = "from 'resnet-ts'"`
    expect(moduleSource(code, 'blob:1')).toBe(
      `import { Conv2d } from "blob:1"\nexport { relu } from "blob:1"\nconst said = "from 'resnet-ts'"`
    )
  })

  it('says where code is no JavaScript', () => {
    expect(() => moduleSource('const a = 1\nconst b = = 2', 'x')).toThrow(
      'Line 2, column 11: Unexpected token.'
    )
  })

  it('says what it cannot import', () => {
    expect(() => moduleSource("import fs from 'node:fs'", 'x')).toThrow(
      "It imports 'node:fs', and here is only resnet-ts."
    )
  })
})
