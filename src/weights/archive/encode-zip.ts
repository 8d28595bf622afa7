// Zip archives as torch.load needs them: stored entries aligned to 64 bytes, zip64 where needed, and no timestamps, so that
// equal content gives equal bytes. Source: PKWARE APPNOTE 6.3; alignment as in caffe2/serialize/inline_container.cc.
import { crc32 } from '#platform'
import { ByteWriter } from '../bytes.js'

export interface ZipFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const ALIGNMENT = 64
const PADDING_ID = 0x4246
const LIMIT32 = 0xffffffff
const LIMIT16 = 0xffff
const LOCAL_BYTES = 30
// 1 January 1980, zip's epoch.
const DATE = 0x21
const UTF8_NAMES = 0x800
const STORED = 0
// The format's versions without and with zip64.
const [VERSION, VERSION64] = [20, 45]

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

function localHeader(record: ZipRecord): Uint8Array {
  const { name, size, offset } = record
  const wide = size >= LIMIT32 ? zip64Extra([size, size]) : new Uint8Array(0)
  const unpadded = offset + LOCAL_BYTES + name.length + wide.length + 4
  const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT
  return new ByteWriter()
    .uints(4, 0x04034b50)
    .append(commonFields(record, wide.length + 4 + padding))
    .append(name)
    .append(wide)
    .uints(2, PADDING_ID, padding)
    .append(new Uint8Array(padding))
    .toBytes()
}

function centralHeader(record: ZipRecord): Uint8Array {
  const { name, size, offset } = record
  const wide = zip64Extra([size, size, offset].filter(number => number >= LIMIT32))
  return new ByteWriter()
    .uints(4, 0x02014b50)
    .uints(2, wide.length > 0 ? VERSION64 : VERSION)
    .append(commonFields(record, wide.length))
    .append(new Uint8Array(10)) // Length of a comment, number of the disk, attributes.
    .uints(4, Math.min(offset, LIMIT32))
    .append(name)
    .append(wide)
    .toBytes()
}

/** The fields that local and central headers share: version, flags, method, time, date, CRC, sizes, lengths. */
function commonFields({ size, crc, name }: ZipRecord, extra: number): Uint8Array {
  const stored = Math.min(size, LIMIT32)
  return new ByteWriter()
    .uints(2, size >= LIMIT32 ? VERSION64 : VERSION, UTF8_NAMES, STORED, 0, DATE)
    .uints(4, crc, stored, stored)
    .uints(2, name.length, extra)
    .toBytes()
}

function zip64Extra(numbers: readonly number[]): Uint8Array {
  if (numbers.length === 0) return new Uint8Array(0)
  return new ByteWriter()
    .uints(2, 1, 8 * numbers.length)
    .uints(8, ...numbers)
    .toBytes()
}

/** The zip64 record, and the locator that points to it. */
function end64(count: number, size: number, start: number): Uint8Array {
  return new ByteWriter()
    .uints(4, 0x06064b50)
    .uints(8, 44)
    .uints(2, VERSION64, VERSION64)
    .uints(4, 0, 0)
    .uints(8, count, count, size, start)
    .uints(4, 0x07064b50, 0)
    .uints(8, start + size)
    .uints(4, 1)
    .toBytes()
}

function end(count: number, size: number, start: number): Uint8Array {
  const entries = Math.min(count, LIMIT16)
  return new ByteWriter()
    .uints(4, 0x06054b50)
    .uints(2, 0, 0, entries, entries)
    .uints(4, Math.min(size, LIMIT32), Math.min(start, LIMIT32))
    .uints(2, 0)
    .toBytes()
}
