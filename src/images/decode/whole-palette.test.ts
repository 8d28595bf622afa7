// Palettes shorter than what indexes them; the colours are what Pillow 9.4 gives for the same files.
import { crc32, deflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readImage } from './read-image.js'

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  size.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, sum])
}

/** A row of four indices. */
function indexed(depth: number, samples: readonly number[], palette?: readonly number[]): Uint8Array {
  const header = Buffer.from([0, 0, 0, 4, 0, 0, 0, 1, depth, 3, 0, 0, 0])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', Uint8Array.from(palette))] : []),
    chunk('IDAT', deflateSync(Uint8Array.from([0, ...samples]))),
    chunk('IEND', new Uint8Array(0))
  ])
}

const TWO = [10, 20, 30, 40, 50, 60]
const [FIRST, SECOND] = [TWO.slice(0, 3), TWO.slice(3)]
const grey = (level: number): number[] => [level, level, level]

it.each([
  ['8 bits', indexed(8, [0, 1, 2, 24], TWO), [FIRST, SECOND, grey(2), grey(24)]],
  ['8 bits, far', indexed(8, [100, 200, 255, 3], TWO), [100, 200, 255, 3].map(grey)],
  ['4 bits', indexed(4, [0x01, 0x2f], TWO), [FIRST, SECOND, grey(2), grey(15)]],
  ['2 bits', indexed(2, [0b00011011], TWO), [FIRST, SECOND, grey(2), grey(3)]],
  ['1 bit', indexed(1, [0b01010000], FIRST), [FIRST, grey(1), FIRST, grey(1)]],
  ['no palette', indexed(8, [0, 1, 2, 24]), [0, 1, 2, 24].map(grey)],
  ['a colour of one channel', indexed(8, [0, 1, 2, 24], [...TWO, 70]), [FIRST, SECOND, grey(2), grey(24)]]
])('%s', async (_, bytes, expected) => {
  expect([...(await readImage(bytes)).data]).toEqual(expected.flat())
})
