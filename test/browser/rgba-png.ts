// A PNG of eight bits with alpha, whose pixels are known: a canvas would not keep them.
import { zlibSync } from 'fflate'

/** Shape of the data: (height, width, 4). */
export function rgbaPng(width: number, height: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13)
  new DataView(header.buffer).setUint32(0, width)
  new DataView(header.buffer).setUint32(4, height)
  // Eight bits, colour with alpha; the rest is as it always is.
  header.set([8, 6], 8)
  const stride = 4 * width
  const rows = new Uint8Array(height * (stride + 1))
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1)
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  const parts = [
    signature,
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(rows)),
    chunk('IEND', new Uint8Array())
  ]
  return Uint8Array.from(parts.flatMap(part => Array.from(part)))
}

function chunk(type: string, contents: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(contents.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, contents.length)
  bytes.set(new TextEncoder().encode(type), 4)
  bytes.set(contents, 8)
  view.setUint32(contents.length + 8, crc32(bytes.subarray(4, contents.length + 8)))
  return bytes
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc
}
