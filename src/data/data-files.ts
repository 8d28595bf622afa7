// Files of a data set: in a folder, given by path or URL, or as `File` objects.
import { naming } from '../base/errors.js'
import { FileError, fileName, readFile, type FilePath } from '#platform'
import { DatasetError } from './dataset.js'

/** A folder's path or, in a page, URL; or its files, identified by name. */
export type DataFolder = string | readonly File[]

/** A file of a folder. @throws DatasetError when it is missing from the given files. */
export async function fileIn(folder: DataFolder, name: string): Promise<FilePath> {
  if (typeof folder === 'string') return `${folder}/${name}`
  return naming(name, DatasetError, () => {
    const found = folder.find(file => file.name === name)
    if (!found) throw new FileError(name, 'is not among the given files')
    return found
  })
}

// Seven times CIFAR-100's largest.
const MAX_BYTES = 2 ** 30

/** Reads a whole file. @throws DatasetError naming it when it cannot be read. */
export async function readDataFile(path: FilePath): Promise<Uint8Array> {
  return naming(fileName(path), DatasetError, () => readFile(path, { maxBytes: MAX_BYTES }))
}
