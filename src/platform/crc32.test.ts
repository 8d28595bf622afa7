import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as browser from './browser/crc32.js'
import * as node from './node/crc32.js'

describe.each([
  ['node', node.crc32],
  ['browser', browser.crc32]
])('crc32 of %s', (_, crc32) => {
  it('has the check value of the CRC catalogue', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
    expect(crc32(new Uint8Array(0))).toBe(0)
  })
})

it('is the same on both sides, at any length and address', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(9), (bytes, skip) => {
      const view = bytes.subarray(Math.min(skip, bytes.length))
      expect(browser.crc32(view)).toBe(node.crc32(view))
    })
  )
})
