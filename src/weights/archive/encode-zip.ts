// Zip archives as torch.load needs them: stored entries aligned to 64 bytes, zip64 where needed, and no timestamps, so that
// equal content gives equal bytes. Source: PKWARE APPNOTE 6.3; alignment as in caffe2/serialize/inline_container.cc.
import { crc32 } from '#platform'
import { dataView } from '../byte-source.js'

export interface ZipFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const ALIGNMENT = 64
const PADDING_ID = 0x4246
const LIMIT32 = 0xffffffff
const LIMIT16 = 0xffff
const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
// 1 January 1980, zip's epoch.
const DATE = 0x21
// UTF-8 names.
const FLAGS = 0x800

/** A written file's entry in the directory. */
export interface ZipRecord {
  readonly name: Uint8Array
  readonly size: number
  readonly crc: number
  readonly offset: number
}

/** An archive in chunks, without copying files. */
export function* encodeZip(files: Iterable<ZipFile>): Generator<Uint8Array> {
  const records: ZipRecord[] = []
  let offset = 0
  for (const { name, bytes } of files) {
    const record = { name: new TextEncoder().encode(name), size: bytes.length, crc: crc32(bytes), offset }
    const header = localHeader(record)
    yield header
    yield bytes
    records.push(record)
    offset += header.length + bytes.length
  }
  yield* directory(records, offset)
}

/** The central directory and the end records, for files that end at `start`. */
export function* directory(records: readonly ZipRecord[], start: number): Generator<Uint8Array> {
  let size = 0
  for (const record of records) {
    const header = centralHeader(record)
    yield header
    size += header.length
  }
  const isWide = records.length >= LIMIT16 || start >= LIMIT32 || size >= LIMIT32
  if (isWide) yield end64(records.length, size, start)
  yield end(records.length, size, start)
}

function localHeader({ name, size, crc, offset }: ZipRecord): Uint8Array {
  const wide = size >= LIMIT32 ? zip64Extra([size, size]) : new Uint8Array(0)
  const unpadded = offset + LOCAL_BYTES + name.length + wide.length + 4
  const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT
  const header = new Uint8Array(LOCAL_BYTES + name.length + wide.length + 4 + padding)
  const view = dataView(header)
  view.setUint32(0, 0x04034b50, true)
  commonFields(view, 4, { size, crc, extra: wide.length + 4 + padding, name })
  header.set(name, LOCAL_BYTES)
  header.set(wide, LOCAL_BYTES + name.length)
  const padded = LOCAL_BYTES + name.length + wide.length
  view.setUint16(padded, PADDING_ID, true)
  view.setUint16(padded + 2, padding, true)
  return header
}

function centralHeader({ name, size, crc, offset }: ZipRecord): Uint8Array {
  const wide = zip64Extra([size, size, offset].filter(number => number >= LIMIT32))
  const header = new Uint8Array(CENTRAL_BYTES + name.length + wide.length)
  const view = dataView(header)
  view.setUint32(0, 0x02014b50, true)
  view.setUint16(4, wide.length > 0 ? 45 : 20, true)
  commonFields(view, 6, { size, crc, extra: wide.length, name })
  view.setUint32(42, Math.min(offset, LIMIT32), true)
  header.set(name, CENTRAL_BYTES)
  header.set(wide, CENTRAL_BYTES + name.length)
  return header
}

/** The fields that local and central headers share: version, flags, method, time, date, CRC, sizes, lengths. */
function commonFields(
  view: DataView,
  at: number,
  { size, crc, extra, name }: { size: number; crc: number; extra: number; name: Uint8Array }
): void {
  view.setUint16(at, size >= LIMIT32 ? 45 : 20, true)
  view.setUint16(at + 2, FLAGS, true)
  view.setUint16(at + 8, DATE, true)
  view.setUint32(at + 10, crc, true)
  view.setUint32(at + 14, Math.min(size, LIMIT32), true)
  view.setUint32(at + 18, Math.min(size, LIMIT32), true)
  view.setUint16(at + 22, name.length, true)
  view.setUint16(at + 24, extra, true)
}

function zip64Extra(numbers: readonly number[]): Uint8Array {
  if (numbers.length === 0) return new Uint8Array(0)
  const extra = new Uint8Array(4 + 8 * numbers.length)
  const view = dataView(extra)
  view.setUint16(0, 1, true)
  view.setUint16(2, 8 * numbers.length, true)
  numbers.forEach((number, i) => view.setBigUint64(4 + 8 * i, BigInt(number), true))
  return extra
}

function end64(count: number, size: number, start: number): Uint8Array {
  const record = new Uint8Array(56 + 20)
  const view = dataView(record)
  view.setUint32(0, 0x06064b50, true)
  view.setBigUint64(4, 44n, true)
  view.setUint16(12, 45, true)
  view.setUint16(14, 45, true)
  view.setBigUint64(24, BigInt(count), true)
  view.setBigUint64(32, BigInt(count), true)
  view.setBigUint64(40, BigInt(size), true)
  view.setBigUint64(48, BigInt(start), true)
  // The locator points to the record.
  view.setUint32(56, 0x07064b50, true)
  view.setBigUint64(64, BigInt(start + size), true)
  view.setUint32(72, 1, true)
  return record
}

function end(count: number, size: number, start: number): Uint8Array {
  const record = new Uint8Array(22)
  const view = dataView(record)
  view.setUint32(0, 0x06054b50, true)
  view.setUint16(8, Math.min(count, LIMIT16), true)
  view.setUint16(10, Math.min(count, LIMIT16), true)
  view.setUint32(12, Math.min(size, LIMIT32), true)
  view.setUint32(16, Math.min(start, LIMIT32), true)
  return record
}
