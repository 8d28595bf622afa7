import { anObject, checkOptions } from '../base/options.js'
import { fileName, writeFileAtomic } from '#platform'
import { Fault, naming } from '../base/errors.js'
import type { StateDict } from '../tensor/state-dict.js'
import { weightsChunks, type WeightsFormat } from './encode-weights.js'
import { WeightsError } from './weights-error.js'

/** Options of `writeWeights`. */
export interface WriteWeightsOptions {
  /** Metadata, for `.safetensors` only; `format: 'pt'` declares PyTorch's names and layouts. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * Writes a state dict as `.safetensors`, or as `.pth` or `.pt` for `torch.load` (torch: `torch.save(state_dict, path)`).
 * Dtypes and order are kept. An existing file is replaced only once the new one is complete.
 * @throws WeightsError for another extension, a tensor's name that is not valid Unicode, or a failed write.
 * @example
 * await writeWeights('resnet18.safetensors', net.stateDict())
 */
export async function writeWeights(
  path: string | URL,
  stateDict: StateDict,
  options: WriteWeightsOptions = {}
): Promise<void> {
  const { metadata } = checkOptions('writeWeights', options, {
    metadata: anObject<Readonly<Record<string, string>>>()
  })
  const name = fileName(path)
  await naming(name, WeightsError, () => {
    const format = formatOf(name)
    return writeFileAtomic(path, weightsChunks(stateDict, { format, ...(metadata ? { metadata } : {}) }))
  })
}

function formatOf(name: string): WeightsFormat {
  if (/\.safetensors$/i.test(name)) return 'safetensors'
  if (/\.(pth|pt)$/i.test(name)) return 'pth'
  throw new Fault('cannot be written: its name must end in .safetensors, .pth or .pt')
}
