// Images, whose checksums are made good after most changes, so that decoders see them.
import { readdir, readFile } from 'node:fs/promises'
import { deflateSync, inflateSync } from 'node:zlib'
import { crc32 } from '../../../src/platform/node.js'
import { readImage } from '../../../src/images/decode/read-image.js'
import { format, type Format } from '../format.js'
import { joinBytes } from '../../../src/base/bytes.js'
import { mutatedBytes } from '../mutate-bytes.js'
import type { Random } from '../random.js'

const FOLDER = new URL('../../../test/goldens/images/', import.meta.url)
const LARGE = 60_000

type Mutate = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array<ArrayBuffer>

function images(ending: string, mutate: Mutate = mutatedBytes): Format {
  return format(ending, async () => {
    const names = (await readdir(FOLDER)).filter(name => name.endsWith(`.${ending}`))
    const all = await Promise.all(
      names.map(async name => new Uint8Array(await readFile(new URL(name, FOLDER))))
    )
    const files = all.filter(({ length }) => length < LARGE)
    return {
      draw: random => mutate(random.pick(files), random, files),
      read: bytes => readImage(bytes, { maxPixels: 2 ** 22 })
    }
  })
}

interface Chunk {
  readonly type: string
  readonly data: Uint8Array
}

function chunksOf(png: Uint8Array): Chunk[] {
  const view = new DataView(png.buffer, png.byteOffset)
  const chunks: Chunk[] = []
  for (let at = 8; at + 12 <= png.length;) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8))
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return chunks
}

function chunkBytes({ type, data }: Chunk): Uint8Array {
  const body = joinBytes([new TextEncoder().encode(type), data])
  const [length, sum] = [data.length, crc32(body)].map(number => {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, number)
    return bytes
  })
  return joinBytes([length, body, sum])
}

/** A PNG with changed, missing, doubled or moved chunks, under right checksums. */
const mutatedPng: Mutate = (bytes, random, others) => {
  if (random.oneIn(4)) return mutatedBytes(bytes, random, others)
  const chunks = chunksOf(bytes)
  const at = random.below(chunks.length)
  const chunk = chunks[at]
  const changed = [...chunks]
  switch (random.below(5)) {
    case 0:
      changed.splice(at, 1)
      break
    case 1:
      changed.splice(random.below(chunks.length), 0, chunk)
      break
    case 2:
      if (chunk.type === 'IDAT') {
        try {
          changed[at] = { type: 'IDAT', data: deflateSync(mutatedBytes(inflateSync(chunk.data), random)) }
          break
        } catch {
          // Of several chunks: changed as bytes.
        }
      }
      changed[at] = { ...chunk, data: mutatedBytes(chunk.data, random) }
      break
    case 3:
      changed[0] = { ...chunks[0], data: mutatedBytes(chunks[0].data, random) }
      break
    default:
      changed[at] = { ...chunk, data: mutatedBytes(chunk.data, random) }
  }
  return joinBytes([bytes.subarray(0, 8), ...changed.map(chunkBytes)])
}

/** A WebP whose first size fits what was changed. */
const mutatedWebp: Mutate = (bytes, random, others) => {
  const changed = mutatedBytes(bytes, random, others)
  if (changed.length > 8 && !random.oneIn(4))
    new DataView(changed.buffer).setUint32(4, changed.length - 8, true)
  return changed
}

/** A JPEG that is changed in its headers as often as in its data. */
const mutatedJpeg: Mutate = (bytes, random, others) => {
  const scan = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda)
  if (scan < 0 || random.oneIn(2)) return mutatedBytes(bytes, random, others)
  return joinBytes([mutatedBytes(bytes.subarray(0, scan), random, others), bytes.subarray(scan)])
}

export const IMAGES: readonly Format[] = [
  images('jpg', mutatedJpeg),
  images('png', mutatedPng),
  images('gif'),
  images('webp', mutatedWebp)
]
