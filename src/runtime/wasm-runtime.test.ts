import type { Env } from 'onnxruntime-common'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { threadAdvice, WasmSettings } from './wasm-runtime.js'

const settings = { threads: 4, wasm: undefined }

function threadsOf(): number | undefined {
  const env = { wasm: {} } as Env
  new WasmSettings(env, 'ort.wasm').apply(settings)
  return env.wasm.numThreads
}

afterEach(() => vi.unstubAllGlobals())

describe('threads in a page', () => {
  it('are as many as asked for where it shares memory', () => {
    vi.stubGlobal('crossOriginIsolated', true)
    expect(threadsOf()).toBe(4)
    expect(threadAdvice(settings)).toEqual([])
  })

  it('are one in a page that is not isolated, with the headers', () => {
    vi.stubGlobal('crossOriginIsolated', false)
    expect(threadsOf()).toBe(1)
    expect(threadAdvice(settings)).toEqual([expect.stringContaining('Cross-Origin-Embedder-Policy')])
    expect(threadAdvice({ ...settings, threads: 1 })).toEqual([])
  })

  it('are one in an isolated page of a browser without SharedArrayBuffer', () => {
    vi.stubGlobal('crossOriginIsolated', true)
    const shared = Object.getOwnPropertyDescriptor(globalThis, 'SharedArrayBuffer') ?? {}
    Reflect.deleteProperty(globalThis, 'SharedArrayBuffer')
    try {
      expect(threadsOf()).toBe(1)
      expect(threadAdvice(settings)).toEqual([
        'Kernels run on one thread, since this browser has no SharedArrayBuffer'
      ])
    } finally {
      Object.defineProperty(globalThis, 'SharedArrayBuffer', shared)
    }
  })
})
