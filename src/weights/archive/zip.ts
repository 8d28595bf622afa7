// Zip archives. Read by their central directory: torch's (stored, zip64) and recompressed ones (deflated); declared sizes are
// not trusted. Written as torch.load needs them: stored entries aligned to 64 bytes as in caffe2's inline_container.cc, zip64
// where needed, no timestamps. Source: PKWARE APPNOTE 6.3.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { crc32 } from '#platform'
import { inflate, InflateError } from '../../platform/inflate.js'
import { dataView, readUint64, ByteWriter, type ByteSource } from '../bytes.js'

export interface ZipEntry {
  readonly name: string
  readonly deflated: boolean
  /** Bytes in the archive. */
  readonly storedSize: number
  readonly size: number
  /** CRC-32 of the inflated bytes; 0 if torch was told not to compute it. */
  readonly crc: number
  readonly headerOffset: number
}

// Of each record the signature, and the bytes before its texts.
const [END, END_BYTES] = [0x06054b50, 22]
const [END64_LOCATOR, END64_LOCATOR_BYTES] = [0x07064b50, 20]
const [END64, END64_BYTES] = [0x06064b50, 56]
const [CENTRAL, CENTRAL_BYTES] = [0x02014b50, 46]
const [LOCAL, LOCAL_BYTES] = [0x04034b50, 30]
const MAX_COMMENT = 0xffff
const ZIP64_EXTRA = 1
const ENCRYPTED = 1
const [STORED, DEFLATED] = [0, 8]
// A field with this value is in the zip64 extra field.
const LIMIT32 = 0xffffffff
// Deflate's maximum ratio: 258 bytes from two bits.
const MAX_RATIO = 1032
// Entries may share bytes; this bounds the cost of reading one by its declared size.
const MAX_WASTE = 1024
const MAX_ENTRIES = 250_000
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20

/** Reads the directory. @throws Fault for a truncated, damaged or encrypted archive, or duplicate names. */
export async function readZipDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { offset, size, count } = await findDirectory(source)
  if (offset + size > source.size) throw new Fault('is a zip archive whose directory lies past its end')
  if (count > MAX_ENTRIES || size > MAX_DIRECTORY_BYTES) {
    throw new Fault(`is a zip archive of ${count} entries, listed in ${size} bytes: too many for weights`)
  }
  const directory = await source.read(offset, size)
  const entries = new Map<string, ZipEntry>()
  for (let at = 0; entries.size < count;) {
    const { entry, next } = readEntry(directory, at)
    if (entries.has(entry.name))
      throw new Fault(`is a zip archive with two entries named ${quote(entry.name)}`)
    if (entry.headerOffset + LOCAL_BYTES + entry.storedSize > offset) {
      throw new Fault(`is a zip archive whose entry ${quote(entry.name)} lies past its end`)
    }
    entries.set(entry.name, entry)
    at = next
  }
  return entries
}

/** @throws Fault for another size or checksum than the directory's; torch does not verify them and loads damaged weights. */
export async function readZipEntry(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  const header = dataView(await source.read(entry.headerOffset, LOCAL_BYTES))
  if (header.getUint32(0, true) !== LOCAL) throw damaged(`entry ${quote(entry.name)} has no header`)
  const offset = entry.headerOffset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true)
  const stored = await source.read(offset, entry.storedSize)
  const bytes = entry.deflated ? inflated(stored, entry) : stored
  if (entry.crc === 0 || crc32(bytes) === entry.crc) return bytes
  throw damaged(`the checksum of entry ${quote(entry.name)} is wrong`)
}

type Directory = Readonly<Record<'offset' | 'size' | 'count', number>>

async function findDirectory(source: ByteSource): Promise<Directory> {
  const length = Math.min(source.size, END_BYTES + MAX_COMMENT)
  const start = source.size - length
  const tail = dataView(await source.read(start, length))
  for (let at = length - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END || at + END_BYTES + tail.getUint16(at + 20, true) !== length)
      continue
    const [count, size] = [tail.getUint16(at + 10, true), tail.getUint32(at + 12, true)]
    const directory = { count, size, offset: tail.getUint32(at + 16, true) }
    return (await findDirectory64(source, start + at)) ?? directory
  }
  throw new Fault('is a truncated zip archive: it has no directory at its end')
}

async function findDirectory64(source: ByteSource, end: number): Promise<Directory | undefined> {
  if (end < END64_LOCATOR_BYTES) return undefined
  const locator = dataView(await source.read(end - END64_LOCATOR_BYTES, END64_LOCATOR_BYTES))
  if (locator.getUint32(0, true) !== END64_LOCATOR) return undefined
  const offset = readUint64(locator, 8)
  if (!(offset + END64_BYTES <= end)) throw damaged('its zip64 record lies past its end')
  const record = dataView(await source.read(offset, END64_BYTES))
  if (record.getUint32(0, true) !== END64) throw damaged('its zip64 record is missing')
  return { count: readUint64(record, 32), size: readUint64(record, 40), offset: readUint64(record, 48) }
}

function readEntry(directory: Uint8Array, at: number): { entry: ZipEntry; next: number } {
  const view = dataView(directory)
  if (at + CENTRAL_BYTES > view.byteLength || view.getUint32(at, true) !== CENTRAL) {
    throw damaged('its directory is shorter than it says')
  }
  const method = view.getUint16(at + 10, true)
  const nameEnd = at + CENTRAL_BYTES + view.getUint16(at + 28, true)
  const extraEnd = nameEnd + view.getUint16(at + 30, true)
  const next = extraEnd + view.getUint16(at + 32, true)
  if (next > view.byteLength) throw damaged('its directory is shorter than it says')
  const name = new TextDecoder().decode(directory.subarray(at + CENTRAL_BYTES, nameEnd))
  if ((view.getUint16(at + 8, true) & ENCRYPTED) !== 0) throw damaged(`entry ${quote(name)} is encrypted`)
  if (method !== STORED && method !== DEFLATED) {
    throw damaged(`entry ${quote(name)} is compressed by method ${method}; only stored and deflated are read`)
  }
  const [size, storedSize, headerOffset] = wideFields(directory.subarray(nameEnd, extraEnd), [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true)
  ])
  const deflated = method === DEFLATED
  const plausible = deflated
    ? size <= MAX_RATIO * storedSize && storedSize <= size + size / 8 + MAX_WASTE
    : size === storedSize
  if (!plausible) throw damaged(`entry ${quote(name)} cannot have ${size} bytes, ${storedSize} are stored`)
  const crc = view.getUint32(at + 16, true)
  return { entry: { name, deflated, storedSize, size, crc, headerOffset }, next }
}

/** Replaces fields of all ones by their 64-bit values in the zip64 extra field. */
function wideFields(extra: Uint8Array, fields: readonly number[]): number[] {
  const view = dataView(extra)
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== ZIP64_EXTRA) continue
    let wide = at + 4
    return fields.map(field => {
      if (field !== LIMIT32) return field
      if (wide + 8 > extra.length) throw damaged('a zip64 field is cut short')
      wide += 8
      return readUint64(view, wide - 8)
    })
  }
  return [...fields]
}

function inflated(stored: Uint8Array, { name, size }: ZipEntry): Uint8Array {
  try {
    return inflate(stored, size)
  } catch (cause) {
    throw cause instanceof InflateError ? damaged(`entry ${quote(name)} ${cause.message}`, { cause }) : cause
  }
}

function damaged(fault: string, options?: ErrorOptions): Fault {
  return new Fault(`is a damaged zip archive: ${fault}`, options)
}

export interface ZipFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const ALIGNMENT = 64
const PADDING_ID = 0x4246
const LIMIT16 = 0xffff
// 1 January 1980, zip's epoch.
const DATE = 0x21
const UTF8_NAMES = 0x800
// The format's versions without and with zip64.
const [VERSION, VERSION64] = [20, 45]

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
    .uints(4, LOCAL)
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
    .uints(4, CENTRAL)
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
    .uints(2, ZIP64_EXTRA, 8 * numbers.length)
    .uints(8, ...numbers)
    .toBytes()
}

/** The zip64 record, and the locator that points to it. */
function end64(count: number, size: number, start: number): Uint8Array {
  return new ByteWriter()
    .uints(4, END64)
    .uints(8, 44)
    .uints(2, VERSION64, VERSION64)
    .uints(4, 0, 0)
    .uints(8, count, count, size, start)
    .uints(4, END64_LOCATOR, 0)
    .uints(8, start + size)
    .uints(4, 1)
    .toBytes()
}

function end(count: number, size: number, start: number): Uint8Array {
  const entries = Math.min(count, LIMIT16)
  return new ByteWriter()
    .uints(4, END)
    .uints(2, 0, 0, entries, entries)
    .uints(4, Math.min(size, LIMIT32), Math.min(start, LIMIT32))
    .uints(2, 0)
    .toBytes()
}
