import { afterEach, describe, expect, it, vi } from 'vitest'
import { isServed, openBlob } from './file.js'

/** A blob as in jsdom: it can be cut, and read by a `FileReader` alone. */
class OldBlob {
  readonly bytes: Uint8Array
  readonly size: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.size = bytes.length
  }

  slice(start: number, end: number): OldBlob {
    return new OldBlob(this.bytes.slice(start, end))
  }
}

class OldReader {
  static fault: Error | undefined
  result: unknown
  readonly error = OldReader.fault
  onload = (): void => {}
  onerror = (): void => {}

  readAsArrayBuffer({ bytes }: OldBlob): void {
    this.result = bytes.buffer
    setTimeout(() => (this.error ? this.onerror() : this.onload()))
  }
}

afterEach(() => vi.unstubAllGlobals())

describe('a blob', () => {
  it('is read by its own method, or by a FileReader where it has none', async () => {
    vi.stubGlobal('FileReader', OldReader)
    const bytes = Uint8Array.of(1, 2, 3, 4)
    for (const blob of [new Blob([bytes]), new OldBlob(bytes) as unknown as Blob]) {
      expect(await openBlob(blob, 'a blob').read(1, 2)).toEqual(Uint8Array.of(2, 3))
    }
    OldReader.fault = new Error('gone')
    await expect(openBlob(new OldBlob(bytes) as unknown as Blob, 'it').read(0, 1)).rejects.toThrow(
      'it: cannot be read'
    )
  })
})

it('a server that says nothing of a file is not waited for without end', async () => {
  const started = AbortSignal.timeout(10)
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(started)
  const silent = (_: string, { signal }: RequestInit): Promise<Response> =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
  vi.stubGlobal('fetch', silent)
  expect(await isServed('https://example.org/a.bin')).toBe(true)
  timeout.mockRestore()
})
