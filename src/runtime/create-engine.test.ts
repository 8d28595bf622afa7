import { describe, expect, it } from 'vitest'
import { createEngine } from './create-engine.js'

describe('the threads of an engine', () => {
  it.each([0, 257, 1000, 2 ** 31 - 1])('are not %d', threads => {
    expect(() => createEngine({ threads })).toThrow(
      `createEngine: threads: expected a whole number from 1 to 256, got ${threads}`
    )
  })
})
