import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { isA, isBlob, isBytes, messageOf, viewOf } from './kinds.js'

/** What another realm makes. */
const foreign = (code: string): unknown => runInNewContext(code)

class Module {
  readonly isOurs = true
}

describe('isA', () => {
  it.each([
    ['new Uint8Array(2)', Uint8Array],
    ['new Float32Array(2)', Float32Array],
    ['new ArrayBuffer(2)', ArrayBuffer],
    ['new Map()', Map],
    ['new TypeError("no")', Error],
    ['new (class extends Map {})()', Map]
  ])('tells %s of another realm', (code, type) => {
    const value = foreign(code)
    expect(value).not.toBeInstanceOf(type)
    expect(isA<unknown>(type as { name: string; prototype: unknown }, value)).toBe(true)
  })

  it('tells what is alike from what is not', () => {
    expect(isA(Uint8Array, foreign('new Uint8ClampedArray(2)'))).toBe(false)
    expect(isA(ArrayBuffer, foreign('new Uint8Array(2)'))).toBe(false)
    expect(isA(Map, foreign('[]'))).toBe(false)
    for (const value of [undefined, null, 'Uint8Array', 7]) expect(isA(Uint8Array, value)).toBe(false)
  })

  it('believes no tag in place of a class of our own', () => {
    expect(isA(Module, { [Symbol.toStringTag]: 'Module' })).toBe(false)
    expect(isA(Module, new Module())).toBe(true)
  })
})

describe('isBlob', () => {
  it('tells blobs and files, as other implementations make them', () => {
    expect([new Blob([]), new File([], 'a')].map(isBlob)).toEqual([true, true])
    expect(isBlob({ [Symbol.toStringTag]: 'File' })).toBe(true)
    expect(['a', new URL('http://a'), {}].map(isBlob)).toEqual([false, false, false])
  })
})

describe('bytes', () => {
  it('are seen through a view of this realm, without a copy', () => {
    for (const code of ['new Uint8Array([0, 1, 2, 3]).subarray(1)', 'Uint8Array.of(1, 2, 3).buffer']) {
      const bytes = foreign(code)
      if (!isBytes(bytes)) throw new Error(`${code} counts as no bytes`)
      expect(viewOf(bytes)).toBeInstanceOf(Uint8Array)
      expect([...viewOf(bytes)]).toEqual([1, 2, 3])
      expect(viewOf(bytes).buffer).toBe(ArrayBuffer.isView(bytes) ? bytes.buffer : bytes)
    }
    const own = new Uint8Array(2)
    expect(viewOf(own)).toBe(own)
    // A Buffer's own slice is a view.
    const buffer = Buffer.of(0, 1, 2).subarray(1)
    viewOf(buffer).slice().fill(7)
    expect([...buffer, viewOf(buffer).byteOffset]).toEqual([1, 2, buffer.byteOffset])
    expect([[1, 2], 'text', new DataView(new ArrayBuffer(1))].map(isBytes)).toEqual([false, false, false])
  })
})

it('messageOf gives what was thrown in words', () => {
  expect([foreign('new RangeError("far")'), new Error('near'), 'text', 7].map(messageOf)).toEqual([
    'far',
    'near',
    'text',
    '7'
  ])
})
