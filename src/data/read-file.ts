// Reads data files, with DatasetErrors.
import { FileError, readFile, type FilePath } from '#platform'
import { DatasetError } from './dataset.js'

/** Reads a whole file. @throws DatasetError naming it when it cannot be read. */
export async function readDataFile(path: FilePath): Promise<Uint8Array<ArrayBuffer>> {
  return asDatasetError(() => readFile(path))
}

/** Converts a `FileError` to a `DatasetError`. */
export async function asDatasetError<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof FileError) throw new DatasetError(error.path, error.fault, { cause: error })
    throw error
  }
}
