// Reading weights, whatever torch or safetensors wrote them: the way from a path to a state dict.
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

/** How a file of weights is read. */
export interface ReadWeightsOptions {
  /**
   * The entry of a checkpoint that holds the state dict. By default `state_dict`, `model`, `model_state_dict` or
   * `net`, when the checkpoint has exactly one of them, and the checkpoint itself when it has none.
   */
  readonly entry?: string
  /** Memory the tensors may take; by default 64 MiB and 16 bytes for every byte of the file. */
  readonly maxBytes?: number
}

/**
 * Reads the tensors of a `.safetensors` file or of anything `torch.save` has ever written, by what the file is and
 * not by its name (torch: `torch.load(path, weights_only=True)`). Dtypes are kept; views become contiguous; names,
 * such as a `module.` before them, are not touched. Bytes given directly are shared, not copied.
 *
 * PyTorch difference: other entries of a checkpoint (optimizer, epoch) are passed over, and shared storages stay
 * shared only between tensors that are contiguous in them.
 * @throws WeightsError naming the file and what is wrong with it.
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
 * Reads what a file says of itself beside its tensors, and then the tensors, through one open file: a file that is
 * replaced in between is read as it was. Files other than `.safetensors` have no metadata.
 * @param accept sees the metadata before any tensor is read; what it throws ends the reading.
 * @throws WeightsError naming the file and what is wrong with it.
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
