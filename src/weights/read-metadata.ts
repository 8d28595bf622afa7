// What a file of weights says of itself, read without its tensors.
import { fileName, openFile, type FilePath } from '#platform'
import { naming } from '../base/errors.js'
import { sniffContainer } from './container.js'
import { readSafetensorsMetadata } from './safetensors/read-safetensors.js'
import { WeightsError } from './weights-error.js'

/**
 * The texts that a `.safetensors` file holds beside its tensors; none for files of other kinds.
 * @throws WeightsError naming the file and what is wrong with it.
 */
export async function readMetadata(path: FilePath): Promise<ReadonlyMap<string, string>> {
  return naming(fileName(path), WeightsError, async () => {
    const file = await openFile(path)
    try {
      return (await sniffContainer(file)) === 'safetensors' ? await readSafetensorsMetadata(file) : new Map()
    } finally {
      await file.close()
    }
  })
}
