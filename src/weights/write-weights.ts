// Writing weights to a file, in the format its name asks for.
import { FileError, fileName, writeFileAtomic } from '#platform'
import type { StateDict } from '../tensor/state-dict.js'
import { encodePth } from './encode-pth.js'
import { encodeSafetensors } from './encode-safetensors.js'
import { quote, WeightsError } from './weights-error.js'

/** What is written beside the tensors. */
export interface WriteWeightsOptions {
  /** Texts by name, for `.safetensors` alone; `format: 'pt'` says that names and layouts are PyTorch's. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * Writes a state dict as `.safetensors`, or as `.pth` or `.pt` for `torch.load` (torch: `torch.save(state_dict, path)`).
 * Dtypes and order are kept. A file that was there before stays whole until the new one is.
 * @throws WeightsError when the name has another extension, a tensor's name is not Unicode, or the file cannot be
 * written.
 * @example
 * await writeWeights('resnet18.safetensors', net.stateDict())
 */
export async function writeWeights(
  path: string | URL,
  stateDict: StateDict,
  { metadata }: WriteWeightsOptions = {}
): Promise<void> {
  const name = fileName(path)
  try {
    const encode = encoderFor(name)
    if (metadata && encode !== encodeSafetensors) {
      throw new WeightsError('cannot be written: only .safetensors holds metadata')
    }
    for (const key of stateDict.keys()) {
      // UTF-8 has no way to write half of a surrogate pair; encoders put a question mark there.
      if (/\p{Surrogate}/u.test(key))
        throw new WeightsError(`cannot be written: the name ${quote(key)} is not Unicode text`)
    }
    await writeFileAtomic(path, encode(stateDict, metadata))
  } catch (error) {
    if (error instanceof FileError) throw new WeightsError(error.fault, error.path, { cause: error })
    if (error instanceof WeightsError) throw new WeightsError(error.fault, name, { cause: error })
    throw error
  }
}

function encoderFor(
  name: string
): (stateDict: StateDict, metadata?: Readonly<Record<string, string>>) => Iterable<Uint8Array> {
  if (/\.safetensors$/i.test(name)) return encodeSafetensors
  if (/\.(pth|pt)$/i.test(name)) return encodePth
  throw new WeightsError('cannot be written: its name must end in .safetensors, .pth or .pt')
}
