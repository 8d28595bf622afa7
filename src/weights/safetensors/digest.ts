// A safetensors file's own SHA-256, first in its metadata: of the whole file, with zeros in place of the digest's digits. Both
// the key and the value say what they are, so that no single damaged bit makes a digested file one without a digest.
import { Fault } from '../../base/errors.js'
import type { Json } from './ordered-json.js'

export const KEY = 'resnet-ts-digest'
export const MARK = 'resnet-ts/sha256:'
export const NO_DIGITS = '0'.repeat(64)
const VALUE = new RegExp(`^${MARK}[0-9a-f]{64}$`)

/** The first entry of the metadata, before the digest is filled in. */
export const UNFILLED: readonly [key: string, value: string] = [KEY, MARK + NO_DIGITS]

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

/** The fault of a file whose digest is another one's. */
export function damaged(): Fault {
  return new Fault(
    'is damaged, or was changed by another program: its content does not have the SHA-256 digest that it states'
  )
}
