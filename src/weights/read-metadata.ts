// What a file of weights says of itself, read without its tensors.
import { FileError, openFile, type FilePath } from '#platform'
import { sniffContainer } from './container.js'
import { readSafetensorsMetadata } from './safetensors/safetensors-read.js'
import { WeightsError } from './weights-error.js'

/**
 * The texts that a `.safetensors` file holds beside its tensors; none for files of other kinds.
 * @throws WeightsError naming the file and what is wrong with it.
 */
export async function readMetadata(path: FilePath): Promise<ReadonlyMap<string, string>> {
  try {
    const file = await openFile(path)
    try {
      return (await sniffContainer(file)) === 'safetensors' ? await readSafetensorsMetadata(file) : new Map()
    } catch (error) {
      if (error instanceof WeightsError) throw new WeightsError(error.fault, file.name, { cause: error })
      throw error
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof FileError) throw new WeightsError(error.fault, error.path, { cause: error })
    throw error
  }
}
