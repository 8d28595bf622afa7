// Damaged and malicious files for tests.
import { joinBytes } from '../../base/bytes.js'

/** Latin-1 bytes of a text. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, char => char.charCodeAt(0))
}

export function concat(...parts: (Uint8Array | string)[]): Uint8Array<ArrayBuffer> {
  return joinBytes(parts.map(part => (typeof part === 'string' ? latin1(part) : part)))
}

export function repeat(pattern: string, count: number): Uint8Array<ArrayBuffer> {
  const once = latin1(pattern)
  return new Uint8Array(once.length * count).map((_, i) => once[i % once.length])
}

/** A number of `size` bytes, little-endian. */
export function little(value: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256)
}

/** A zip entry's declarations, true or not. */
export interface ZipLie {
  readonly name: string
  /** Stored bytes; undefined for an entry that refers to another's. */
  readonly bytes?: Uint8Array
  readonly flags?: number
  readonly method?: number
  readonly crc?: number
  readonly stored?: number
  readonly size?: number
  /** The declared header offset. */
  readonly offset?: number
  /** The extra field in the directory. */
  readonly extra?: Uint8Array
}

/** A zip archive with the given declarations; without a CRC if 0. */
export function zipOf(...entries: ZipLie[]): Uint8Array {
  const files: Uint8Array[] = []
  const lines: Uint8Array[] = []
  let position = 0
  for (const { name, bytes, flags = 0, method = 0, crc = 0, extra = new Uint8Array(0), ...lie } of entries) {
    const { stored = bytes?.length ?? 0, size = bytes?.length ?? 0, offset = position } = lie
    const common = concat(little(20, 2), little(flags, 2), little(method, 2), little(0, 4), little(crc, 4))
    const sizes = concat(little(stored, 4), little(size, 4), little(name.length, 2))
    if (bytes !== undefined) {
      const file = concat('PK\x03\x04', common, sizes, little(0, 2), name, bytes)
      files.push(file)
      position += file.length
    }
    const rest = concat(little(extra.length, 2), little(0, 10), little(offset, 4))
    lines.push(concat('PK\x01\x02', little(20, 2), common, sizes, rest, name, extra))
  }
  const directory = concat(...lines)
  const counts = concat(little(entries.length, 2), little(entries.length, 2))
  const end = concat(
    'PK\x05\x06',
    little(0, 4),
    counts,
    little(directory.length, 4),
    little(position, 4),
    little(0, 2)
  )
  return concat(...files, directory, end)
}

/** A torch.save archive of a pickle and storages by key. */
export function checkpoint(
  pickle: Uint8Array | string,
  storages: Readonly<Record<string, Uint8Array>> = {}
): Uint8Array {
  return zipOf(
    { name: 'archive/data.pkl', bytes: concat(pickle) },
    ...Object.entries(storages).map(([key, bytes]) => ({ name: `archive/data/${key}`, bytes }))
  )
}

/** The start of a pickle. */
export const PROTO = '\x80\x02'

/** Opcodes of a text. */
export function text(value: string): Uint8Array {
  return concat('X', little(value.length, 4), value)
}

/** Opcodes of a float storage's persistent id. */
export function storageId(key: string, numel: number): Uint8Array {
  const type = 'ctorch\nFloatStorage\n'
  return concat('(', text('storage'), type, text(key), text('cpu'), 'J', little(numel, 4), 'tQ')
}

/** Opcodes of a float tensor; offset, size and stride are opcodes. */
export function tensor(
  storage: Uint8Array,
  offset: string,
  size: Uint8Array | string,
  stride: string
): Uint8Array {
  const hooks = 'ccollections\nOrderedDict\n)R'
  return concat('ctorch._utils\n_rebuild_tensor_v2\n(', storage, offset, size, stride, '\x89', hooks, 'tR')
}

/** A pickle of a dict whose values are opcodes. */
export function dictOf(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return concat(PROTO, '}(', ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]), 'u.')
}

/** A safetensors file with a header, optionally another declared length, and data. */
export function safetensors(json: string | Uint8Array, { length = json.length, data = 16 } = {}): Uint8Array {
  const size = new Uint8Array(8)
  new DataView(size.buffer).setBigUint64(0, BigInt(length), true)
  return concat(size, json, new Uint8Array(data))
}
