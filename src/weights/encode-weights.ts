import { anObject, checkOptions, oneOf } from '../base/options.js'
import { Fault, named } from '../base/errors.js'
import { quote } from '../base/words.js'
import type { StateDict } from '../tensor/state-dict.js'
import { encodePth } from './pth/encode-pth.js'
import { encodeSafetensors } from './safetensors/encode-safetensors.js'
import { WeightsError } from './weights-error.js'

/** Formats for writing. */
export type WeightsFormat = 'safetensors' | 'pth'

/** Options of `encodeWeights`. */
export interface EncodeWeightsOptions {
  /** Default `safetensors`. */
  readonly format?: WeightsFormat
  /** Metadata, for `safetensors` only; `format: 'pt'` declares PyTorch's names and layouts. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * Encodes weights as `writeWeights` does, for pages, which have no paths.
 * @throws Fault when a tensor's name is not valid Unicode, or the format has no metadata.
 * @example
 * const file = new Blob([encodeWeights(resnet18().stateDict())])
 */
export function encodeWeights(
  stateDict: StateDict,
  options: EncodeWeightsOptions = {}
): Uint8Array<ArrayBuffer> {
  checkOptions('encodeWeights', options, {
    format: oneOf('safetensors', 'pth'),
    metadata: anObject<Readonly<Record<string, string>>>()
  })
  const chunks = chunksOf(stateDict, options)
  const bytes = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

function chunksOf(stateDict: StateDict, options: EncodeWeightsOptions): Uint8Array[] {
  try {
    return Array.from(weightsChunks(stateDict, options))
  } catch (error) {
    throw named('encodeWeights', WeightsError, error)
  }
}

/** The same in chunks, without copying tensors. */
export function weightsChunks(
  stateDict: StateDict,
  { format = 'safetensors', metadata }: EncodeWeightsOptions
): Iterable<Uint8Array> {
  if (metadata && format !== 'safetensors')
    throw new Fault('cannot be written: only .safetensors holds metadata')
  for (const key of stateDict.keys()) {
    // UTF-8 cannot represent lone surrogates; encoders would replace them.
    if (/\p{Surrogate}/u.test(key))
      throw new Fault(`cannot be written: the name ${quote(key)} is not Unicode text`)
  }
  return format === 'safetensors' ? encodeSafetensors(stateDict, metadata) : encodePth(stateDict)
}
