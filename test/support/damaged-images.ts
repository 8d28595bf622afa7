// Pillow's verdicts on damaged images (tools/damaged_images_goldens.py).

/** Bytes `from` to `to` become others, in base64. */
export type Edit = readonly [from: number, to: number, bytes: string]

/** The size and the start of the hash of the pixels; null where Pillow refuses the file. */
export type Verdict = readonly [width: number, height: number, sha256: string] | null

export type DamagedImage = readonly [kind: string, file: string, edits: readonly Edit[], verdict: Verdict]

/** What Pillow reads and `readImage` refuses: a progressive JPEG without its last scans, a WebP of more than 16,383 rows. */
export function mayBeRefused([, file, , verdict]: DamagedImage, fault: string): boolean {
  if (verdict === null) return true
  if (file === 'progressive.jpg') return fault.startsWith('is truncated')
  return file.endsWith('.webp') && Math.max(verdict[0], verdict[1]) > 16_383
}

export function damaged(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array<ArrayBuffer> {
  let edited = new Uint8Array(bytes)
  for (const [from, to, text] of edits) {
    const middle = Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
    edited = Uint8Array.of(...edited.subarray(0, from), ...middle, ...edited.subarray(to))
  }
  return edited
}
