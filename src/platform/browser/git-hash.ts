import { gitHeader } from '../hub-store.js'

/** The name that git gives a file's content, in hex digits. The browser's own hash works in secure pages alone. */
export async function gitHash(content: Uint8Array): Promise<string> {
  const [{ sha1 }, { bytesToHex }] = await Promise.all([
    import('@noble/hashes/legacy.js'),
    import('@noble/hashes/utils.js')
  ])
  return bytesToHex(sha1.create().update(gitHeader(content.byteLength)).update(content).digest())
}
