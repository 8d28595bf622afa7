import { createHash } from 'node:crypto'
import { gitHeader } from '../hub-store.js'

/** The name that git gives a file's content, in hex digits. */
export async function gitHash(content: Uint8Array): Promise<string> {
  return createHash('sha1').update(gitHeader(content.byteLength)).update(content).digest('hex')
}
