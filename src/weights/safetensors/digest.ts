// A safetensors file's own SHA-256, first in its metadata: of the whole file, with zeros in place of the digest's digits. Both
// the key and the value say what they are, so that no single damaged bit makes a digested file one without a digest.
import { Fault } from '../../base/errors.js'
import { Sha256 } from '#platform'
import type { Json } from './ordered-json.js'

const KEY = 'resnet-ts-digest'
const MARK = 'resnet-ts/sha256:'
const NO_DIGITS = '0'.repeat(64)
const VALUE = new RegExp(`^${MARK}[0-9a-f]{64}$`)

/** The first entry of the metadata, before the digest is filled in. */
export const UNFILLED: readonly [key: string, value: string] = [KEY, MARK + NO_DIGITS]

/** Writes the digest into the first bytes of a file, up to its data. */
export function fillDigest(head: Uint8Array, data: Iterable<Uint8Array>): void {
  head.set(encode(digestOf(head, data)), digitsAt(head))
}

/** The metadata without the digest, and the digest that the file states, if any. @throws Fault when that is damaged. */
export function statedDigest(metadata: Json | undefined): {
  readonly texts: ReadonlyMap<string, string>
  readonly digest: string | undefined
} {
  const texts = new Map<string, string>()
  for (const [name, text] of metadata instanceof Map ? metadata : []) {
    if (typeof text === 'string') texts.set(name, text)
  }
  const stated = texts.get(KEY)
  texts.delete(KEY)
  const hasOtherName = [...texts.values()].some(text => text.startsWith(MARK))
  if (hasOtherName || (stated !== undefined && !VALUE.test(stated))) throw damaged()
  return { texts, digest: stated?.slice(MARK.length) }
}

/** @param head the file's bytes up to its data. @throws Fault unless the digest is that of the whole file. */
export function verifyDigest(digest: string, head: Uint8Array, data: Iterable<Uint8Array>): void {
  const cleared = head.slice()
  cleared.set(encode(NO_DIGITS), digitsAt(head))
  if (digestOf(cleared, data) !== digest) throw damaged()
}

function digestOf(head: Uint8Array, data: Iterable<Uint8Array>): string {
  const hash = new Sha256().update(head)
  for (const bytes of data) hash.update(bytes)
  return hash.digest()
}

/** Where the digits are, after the length of the header. @throws Fault for a digest elsewhere, as other programs write it. */
function digitsAt(head: Uint8Array): number {
  const before = encode(`{"__metadata__":{"${KEY}":"${MARK}`)
  if (!before.every((byte, i) => head[8 + i] === byte)) throw damaged()
  return 8 + before.length
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function damaged(): Fault {
  return new Fault(
    'is damaged, or was changed by another program: its content does not have the SHA-256 digest that it states'
  )
}
