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
])('PNG: %s', async (_, bytes, expected) => {
  expect([...(await readImage(bytes)).data]).toEqual(expected.flat())
})

/** A frame of four pixels with indices 0, 1, 2 and 24, one pixel from the left of a screen of seven. */
function gif(
  tables: { readonly screen?: readonly number[]; readonly frame?: readonly number[] },
  transparent?: number
): Uint8Array {
  const { screen = [], frame = [] } = tables
  const control = transparent === undefined ? [] : [0x21, 0xf9, 4, 1, 0, 0, transparent, 0]
  // A code that clears the table before each index, of nine bits.
  const data = Buffer.from('080b0001000c005000400c010100', 'hex')
  const flags = (table: readonly number[]): number => (table.length === 0 ? 0 : 0x80)
  return Buffer.concat([
    Buffer.from('GIF89a'),
    Uint8Array.of(7, 0, 1, 0, flags(screen), 0, 0, ...screen, ...control),
    Uint8Array.of(0x2c, 1, 0, 0, 0, 4, 0, 1, 0, flags(frame), ...frame),
    data,
    Buffer.from(';')
  ])
}

it.each([
  ['no table', gif({}), [0, 0, 1, 2, 24, 0, 0].map(grey)],
  ['a short table', gif({ screen: TWO }), [FIRST, FIRST, SECOND, grey(2), grey(24), FIRST, FIRST]],
  [
    'a short table of its frame',
    gif({ frame: TWO }),
    [FIRST, FIRST, SECOND, grey(2), grey(24), FIRST, FIRST]
  ],
  ['no table, transparent', gif({}, 5), [5, 0, 1, 2, 24, 5, 5].map(grey)],
  [
    'a short table, transparent beyond it',
    gif({ screen: TWO }, 24),
    [grey(24), FIRST, SECOND, grey(2), grey(24), grey(24), grey(24)]
  ],
  [
    'a short table, transparent in it',
    gif({ screen: TWO }, 1),
    [SECOND, FIRST, SECOND, grey(2), grey(24), SECOND, SECOND]
  ]
])('GIF: %s', async (_, bytes, expected) => {
  expect([...(await readImage(bytes)).data]).toEqual(expected.flat())
})
