// Computes a safetensors file's digest, to write or to verify it. Reading loads this for files that state one.
import { Sha256 } from '#platform'
import { damaged, KEY, MARK, NO_DIGITS } from './digest.js'

/** Writes the digest into the first bytes of a file, up to its data. */
export function fillDigest(head: Uint8Array, data: Iterable<Uint8Array>): void {
  head.set(encode(digestOf(head, data)), digitsAt(head))
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
