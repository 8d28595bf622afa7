/** An IDX file of unsigned bytes with a declared shape, correct or not. */
export function idxBytes(shape: readonly number[], data: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length)
  bytes.set([0, 0, 8, shape.length])
  const view = new DataView(bytes.buffer)
  shape.forEach((size, i) => view.setUint32(4 + 4 * i, size))
  bytes.set(data, 4 + 4 * shape.length)
  return bytes
}
