import { joinBytes } from '../base/bytes.js'
import { Fault, naming, named } from '../base/errors.js'
import {
  aBoolean,
  anObject,
  checkArguments,
  checkOptions,
  oneOf,
  type Check,
  type OptionsOf
} from '../base/options.js'
import { isA } from '../base/kinds.js'
import { quote } from '../base/words.js'
import { fileName, writeFileAtomic } from '#platform'
import type { StateDict } from '../tensor/state-dict.js'
import { Tensor } from '../tensor/tensor.js'
import { encodeNpz } from './archive/encode-npz.js'
import { encodePth } from './pth/pth-zip.js'
import { encodeSafetensors } from './safetensors/encode-safetensors.js'
import { WeightsError } from './bytes.js'

const aStateDict: Check<StateDict> = {
  expected: "a state dict, such as a module's stateDict()",
  accepts: value =>
    isA<StateDict>(Map, value) && [...value.values()].every(tensor => tensor instanceof Tensor)
}
const WRITING = {
  /** Metadata, for `.safetensors` only; `format: 'pt'` declares PyTorch's names and layouts. */
  metadata: anObject<Readonly<Record<string, string>>>(),
  /** Add a SHA-256 digest of the whole file, which reading verifies, for `.safetensors` only; default false. */
  digest: aBoolean
}
const ENCODING = {
  /** Default `safetensors`. */
  format: oneOf('safetensors', 'pth', 'npz'),
  ...WRITING
}

/** Formats for writing. */
export type WeightsFormat = 'safetensors' | 'pth' | 'npz'

/** Options of `writeWeights`. */
export interface WriteWeightsOptions extends OptionsOf<typeof WRITING> {}

/** Options of `encodeWeights`. */
export interface EncodeWeightsOptions extends OptionsOf<typeof ENCODING> {}

/**
 * Writes a state dict as `.safetensors`, as `.pth` or `.pt` for `torch.load` (torch: `torch.save(state_dict, path)`), or as `.npz`
 * for `np.load`.
 * Dtypes and order are kept. An existing file is replaced only once the new one is complete.
 * @throws WeightsError for another extension, a tensor's name that is not valid Unicode, bfloat16 in `.npz`, or a failed write.
 * @example
 * await writeWeights('resnet18.safetensors', net.stateDict())
 */
export async function writeWeights(
  path: string | URL,
  stateDict: StateDict,
  options: WriteWeightsOptions = {}
): Promise<void> {
  checkOptions('writeWeights', options, WRITING)
  checkArguments('writeWeights', { stateDict }, { stateDict: aStateDict })
  const name = fileName(path)
  await naming(name, WeightsError, () =>
    writeFileAtomic(path, weightsChunks(stateDict, { ...options, format: formatOf(name) }))
  )
}

function formatOf(name: string): WeightsFormat {
  if (/\.safetensors$/i.test(name)) return 'safetensors'
  if (/\.(pth|pt)$/i.test(name)) return 'pth'
  if (/\.npz$/i.test(name)) return 'npz'
  throw new Fault('cannot be written: its name must end in .safetensors, .pth, .pt or .npz')
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
  checkOptions('encodeWeights', options, ENCODING)
  checkArguments('encodeWeights', { stateDict }, { stateDict: aStateDict })
  return joinBytes(chunksOf(stateDict, options))
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
  { format = 'safetensors', metadata, digest }: EncodeWeightsOptions
): Iterable<Uint8Array> {
  if ((metadata ?? digest) && format !== 'safetensors') {
    throw new Fault(`cannot be written: only .safetensors holds ${metadata ? 'metadata' : 'a digest'}`)
  }
  for (const key of stateDict.keys()) {
    // UTF-8 cannot represent lone surrogates; encoders would replace them.
    if (/\p{Surrogate}/u.test(key))
      throw new Fault(`cannot be written: the name ${quote(key)} is not Unicode text`)
  }
  if (format === 'safetensors') return encodeSafetensors(stateDict, { metadata, digest })
  return format === 'pth' ? encodePth(stateDict) : encodeNpz(stateDict)
}
