// Files of weights: torch's three containers, safetensors and NumPy's archives.
import { readdir, readFile } from 'node:fs/promises'
import { readWeights } from '../../../src/weights/read-weights.js'
import { format, type Format } from '../format.js'
import { joinBytes } from '../../../src/base/bytes.js'
import { mutatedBytes } from '../mutate-bytes.js'
import { asJson, mutatedData, type Data } from '../mutate-json.js'
import type { Random } from '../random.js'

const FOLDER = new URL('../../../test/goldens/weights/', import.meta.url)

async function filesLike(pattern: RegExp): Promise<Uint8Array[]> {
  const names = (await readdir(FOLDER)).filter(
    name => pattern.test(name) && /\.(pth|pt|safetensors|npz)$/.test(name)
  )
  return Promise.all(names.map(async name => new Uint8Array(await readFile(new URL(name, FOLDER)))))
}

/** @param others what is spliced in. */
type Mutate = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array<ArrayBuffer>

function weights(
  name: string,
  pattern: RegExp,
  prepare: (files: readonly Uint8Array[]) => readonly Uint8Array[] = files => files,
  mutate: Mutate = mutatedBytes
): Format {
  return format(name, async () => {
    const files = prepare(await filesLike(pattern))
    return {
      draw: random => mutate(random.pick(files), random, files),
      read: bytes => readWeights(bytes)
    }
  })
}

/** A zip archive whose directory has zeros in place of the checksums, which would detect nearly every change. */
function withoutChecksums(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  for (let at = copy.length - 46; at >= 0; at--) {
    if (view.getUint32(at, true) === 0x02014b50) copy.fill(0, at + 16, at + 20)
  }
  return copy
}

function mostlyWithoutChecksums(files: readonly Uint8Array[]): readonly Uint8Array[] {
  const open = files.map(withoutChecksums)
  return [...files, ...open, ...open]
}

/** The header of a safetensors file changed as data, with its new length before it. */
function mutatedHeader(
  bytes: Uint8Array,
  random: Random,
  others: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
  if (random.oneIn(3)) return mutatedBytes(bytes, random, others)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Data
  const changed = new TextEncoder().encode(asJson(mutatedData(header, random), random))
  const size = new Uint8Array(8)
  new DataView(size.buffer).setBigUint64(0, BigInt(changed.length), true)
  return joinBytes([size, changed, bytes.subarray(8 + length)])
}

export const WEIGHTS: readonly Format[] = [
  weights('pth-zip', /^(zip|refused|wide|torch2-(dtypes|strided)).*\.(pth|pt)$/, mostlyWithoutChecksums),
  weights('pth-legacy', /^legacy|torch2-legacy/),
  weights('pth-tar', /^tar/),
  weights('npz', /\.npz$/, mostlyWithoutChecksums),
  weights('safetensors', /\.safetensors$/, undefined, mutatedHeader)
]
