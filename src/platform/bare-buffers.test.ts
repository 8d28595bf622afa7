import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { bareBuffers, wholeViews } from './bare-buffers.js'

function hasView(message: unknown): boolean {
  if (ArrayBuffer.isView(message)) return true
  if (message instanceof Map) return Array.from(message.values()).some(hasView)
  if (typeof message !== 'object' || message === null || message instanceof Blob) return false
  return Object.values(message).some(hasView)
}

const memory = new ArrayBuffer(32)
const message = {
  id: 3,
  none: undefined,
  nothing: null,
  name: 'weights',
  shape: [1, 2],
  onnx: new Uint8Array([1, 2, 3]),
  tensors: new Map([
    ['a', { dtype: 'float32', data: new Float32Array([0.5, Number.NaN]) }],
    ['b', { dtype: 'int64', data: new BigInt64Array([-1n]) }]
  ]),
  sources: [{ picture: { width: 1, data: new Uint8Array(memory, 4, 3) } }, { path: 'a.png' }],
  bytes: memory
}

describe('bareBuffers', () => {
  it('leaves no typed array, and wholeViews makes the same ones', () => {
    expect(hasView(message)).toBe(true)
    const posted = bareBuffers(message)
    expect(hasView(posted)).toBe(false)
    expect(wholeViews(structuredClone(posted))).toEqual(message)
  })

  it('keeps the memory, so that it can be transferred', () => {
    const data = new Float32Array(4)
    const received = wholeViews(structuredClone(bareBuffers({ data }), { transfer: [data.buffer] }))
    expect(data.length).toBe(0)
    expect(received).toEqual({ data: new Float32Array(4) })
  })

  it('keeps two views of one buffer on it', () => {
    const views = [new Uint8Array(memory), new Int32Array(memory, 8, 2)]
    const [first, second] = wholeViews(structuredClone(bareBuffers(views))) as typeof views
    expect(second.buffer).toBe(first.buffer)
    expect([second.byteOffset, second.length]).toEqual([8, 2])
  })

  it('knows the maps of another realm, such as a test runner sees', () => {
    const posted = runInNewContext(
      "new Map([['a', { isBareView: 'Uint8Array', buffer: new ArrayBuffer(3), byteOffset: 1, length: 2 }]])"
    ) as unknown
    expect(wholeViews(posted)).toEqual(new Map([['a', new Uint8Array(2)]]))
  })

  it('passes files on as they are', () => {
    const file = new Blob(['a'])
    expect(bareBuffers({ file })).toEqual({ file })
    expect((bareBuffers({ file }) as { file: Blob }).file).toBe(file)
  })
})
