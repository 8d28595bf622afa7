// The texts that an ONNX file says of itself, read without its graph. Source: onnx/onnx.proto.
import { Fault } from '../../base/errors.js'
import type { ByteSource } from '../bytes.js'
import { fieldAt, fieldsOf, MAX_FIELD_HEAD } from './protobuf.js'

// Of ModelProto, StringStringEntryProto.
const METADATA = 14
const [KEY, VALUE] = [1, 2]

// A model has a graph, some sets of operators, functions by the hundred, and a few texts.
const MAX_FIELDS = 10_000
const MAX_BYTES = 2 ** 26

/** @throws Fault when it is damaged, or says more than any file does. */
export async function readOnnxMetadata(source: ByteSource): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  let [fields, bytes] = [0, 0]
  for (let at = 0; at < source.size;) {
    const head = await source.read(at, Math.min(MAX_FIELD_HEAD, source.size - at))
    const { number, from, length } = fieldAt(head, 0, source.size - at)
    if (number === METADATA) {
      bytes += length
      if (bytes > MAX_BYTES) throw new Fault(`is an ONNX file with more than ${MAX_BYTES} bytes of metadata`)
      const [key, value] = entryIn(await source.read(at + from, length))
      texts.set(key, value)
    }
    at += from + length
    if (++fields > MAX_FIELDS) throw new Fault(`is an ONNX file of more than ${MAX_FIELDS} parts`)
  }
  return texts
}

const TEXT = new TextDecoder()

function entryIn(bytes: Uint8Array): readonly [key: string, value: string] {
  let [key, text] = ['', '']
  for (const [number, value] of fieldsOf(bytes)) {
    if (typeof value === 'number') continue
    if (number === KEY) key = TEXT.decode(value)
    if (number === VALUE) text = TEXT.decode(value)
  }
  return [key, text]
}
