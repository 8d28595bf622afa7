// Reads tar archives of torch's 2017 format. Source: POSIX.1-2001 pax, ustar.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import type { ByteSource } from '../bytes.js'

/** A member's position. */
export interface TarMember {
  readonly offset: number
  readonly size: number
}

const BLOCK = 512
// torch writes four, each possibly with a pax header.
const MAX_MEMBERS = 64

/** Lists regular files by name. @throws Fault when a header is damaged or a member exceeds the archive. */
export async function readTarMembers(source: ByteSource): Promise<Map<string, TarMember>> {
  const members = new Map<string, TarMember>()
  let position = 0
  for (let count = 0; position + BLOCK <= source.size; count++) {
    if (count === MAX_MEMBERS) throw new Fault(`is a tar archive of more than ${MAX_MEMBERS} members`)
    const header = await source.read(position, BLOCK)
    if (header[0] === 0) break
    checkSum(header)
    const name = text(header, 0, 100).replace(/^\.\//, '')
    const size = octal(header, 124, 12)
    const offset = position + BLOCK
    if (offset + size > source.size) {
      throw new Fault(`is truncated: its member ${quote(name)} needs ${size} bytes at byte ${offset}`)
    }
    const isFile = header[156] === 0 || header[156] === '0'.charCodeAt(0)
    if (isFile && members.has(name)) throw new Fault(`has two members named ${quote(name)}`)
    if (isFile) members.set(name, { offset, size })
    position = offset + Math.ceil(size / BLOCK) * BLOCK
  }
  return members
}

function checkSum(header: Uint8Array): void {
  // The checksum counts its own field as eight spaces.
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0)
  if (sum !== octal(header, 148, 8)) throw new Fault('is a tar archive with a damaged header')
}

function octal(header: Uint8Array, start: number, length: number): number {
  const digits = text(header, start, length).trim()
  if (!/^[0-7]+$/.test(digits)) throw new Fault('is a tar archive with a damaged header')
  return Number.parseInt(digits, 8)
}

function text(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length)
  const end = field.indexOf(0)
  return String.fromCharCode(...field.subarray(0, end < 0 ? length : end))
}
