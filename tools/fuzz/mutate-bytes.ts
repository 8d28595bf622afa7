// Changes of bytes: what disks, networks and attackers do to a file without knowing its format.
import { joinBytes } from '../../src/base/bytes.js'
import type { Random } from './random.js'

type Change = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array

const EXTREMES = [0, 1, 0x7f, 0x80, 0xfe, 0xff]

const flipBit: Change = (bytes, random) => {
  if (bytes.length > 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8)
  return bytes
}
const setBytes: Change = (bytes, random) => {
  const at = random.below(bytes.length)
  bytes.set(random.bytes(1 + random.below(9)).subarray(0, bytes.length - at), at)
  return bytes
}
const setExtreme: Change = (bytes, random) => {
  const at = random.below(bytes.length)
  return bytes.fill(random.pick(EXTREMES), at, at + 2 ** random.below(4))
}
const moveBytes: Change = (bytes, random) => {
  const from = random.below(bytes.length)
  return bytes.copyWithin(random.below(bytes.length), from, from + random.below(64))
}
const cut: Change = (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1))
const remove: Change = (bytes, random) => {
  const at = random.below(bytes.length)
  return joinBytes([bytes.subarray(0, at), bytes.subarray(at + random.below(64))])
}
const insert: Change = (bytes, random, others) => {
  const at = random.below(bytes.length)
  const other = random.pick(others)
  const from = random.below(other.length)
  return joinBytes([
    bytes.subarray(0, at),
    other.subarray(from, from + random.below(300)),
    bytes.subarray(at)
  ])
}
const CHANGES = [flipBit, flipBit, setBytes, setExtreme, setExtreme, moveBytes, cut, remove, insert]

/** A copy with one to four changes. @param others what is spliced in. */
export function mutatedBytes(
  bytes: Uint8Array,
  random: Random,
  others: readonly Uint8Array[] = [bytes]
): Uint8Array<ArrayBuffer> {
  let changed: Uint8Array = bytes.slice()
  for (let left = 1 + random.below(4); left > 0; left--) {
    changed = random.pick(CHANGES)(changed, random, others)
  }
  return new Uint8Array(changed)
}
