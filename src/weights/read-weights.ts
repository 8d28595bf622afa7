// Reads weights in any format of torch or safetensors.
import { aString, checkOptions, numberFrom } from '../base/options.js'
import { fileName, openFile, type FilePath } from '#platform'
import { naming } from '../base/errors.js'
import type { StateDict } from '../tensor/state-dict.js'
import { Allowance } from './allowance.js'
import { sourceOf, type ByteSource } from './byte-source.js'
import { sniffContainer } from './container.js'
import { stateDictOf } from './pth/pickled-state-dict.js'
import { openLegacyCheckpoint } from './pth/pth-legacy.js'
import { openTarCheckpoint } from './pth/pth-tar.js'
import { openZipCheckpoint } from './pth/pth-zip.js'
import { readSafetensors, readSafetensorsMetadata } from './safetensors/read-safetensors.js'
import { WeightsError } from './weights-error.js'

/** Options of `readWeights`. */
export interface ReadWeightsOptions {
  /**
   * The checkpoint's entry with the state dict. Default the only one of `state_dict`, `model`, `model_state_dict` and `net`,
   * or the checkpoint itself if it has none of them.
   */
  readonly entry?: string
  /** Limit on the tensors' memory; default 64 MiB plus 16 bytes per byte of the file. */
  readonly maxBytes?: number
}

/**
 * Reads the tensors of a `.safetensors` file or of any version of `torch.save`, detected by content (torch:
 * `torch.load(path, weights_only=True)`). Dtypes and names, including prefixes such as `module.`, are kept; views become
 * contiguous. Bytes given directly are shared, not copied.
 *
 * PyTorch difference: other entries of a checkpoint (optimizer, epoch) are ignored, and only contiguous tensors share
 * storages.
 * @throws WeightsError naming the file and the fault.
 * @example
 * net.loadStateDict(await readWeights('resnet18-f37072fd.pth'))
 */
export async function readWeights(
  source: FilePath | Uint8Array,
  options: ReadWeightsOptions = {}
): Promise<StateDict> {
  checkOptions('readWeights', options, { entry: aString, maxBytes: numberFrom(0) })
  if (source instanceof Uint8Array) return readFrom(sourceOf(source), options)
  return withOpenFile(source, file => readFrom(file, options))
}

/**
 * Reads metadata and tensors through one open file, consistent even if it is replaced meanwhile. Only `.safetensors` files
 * have metadata.
 * @param accept receives the metadata before the tensors are read, and may throw.
 * @throws WeightsError naming the file and the fault.
 */
export async function readWithMetadata<T>(
  path: FilePath,
  accept: (metadata: ReadonlyMap<string, string>) => T
): Promise<{ readonly metadata: T; readonly tensors: StateDict }> {
  return withOpenFile(path, async file => {
    const texts = await naming(file.name, WeightsError, async () => {
      const isSafetensors = (await sniffContainer(file)) === 'safetensors'
      return isSafetensors ? readSafetensorsMetadata(file) : new Map<string, string>()
    })
    const metadata = accept(texts)
    return { metadata, tensors: await readFrom(file, {}) }
  })
}

async function withOpenFile<T>(path: FilePath, use: (file: ByteSource) => Promise<T>): Promise<T> {
  const file = await naming(fileName(path), WeightsError, () => openFile(path))
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

async function readFrom(source: ByteSource, { entry, maxBytes }: ReadWeightsOptions): Promise<StateDict> {
  return naming(source.name, WeightsError, async () => {
    const allowance = new Allowance(source.size, maxBytes)
    switch (await sniffContainer(source)) {
      case 'safetensors':
        return readSafetensors(source, allowance)
      case 'zip':
        return stateDictOf(await openZipCheckpoint(source, allowance), allowance, entry)
      case 'legacy':
        return stateDictOf(await openLegacyCheckpoint(source), allowance, entry)
      case 'tar':
        return stateDictOf(await openTarCheckpoint(source), allowance, entry)
    }
  })
}
