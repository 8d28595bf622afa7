// Files of a data set: in a folder, given by path or URL, or as `File` objects.
import { FileError, type FilePath } from '#platform'
import { asDatasetError } from './read-file.js'

/** A folder's path or, in a page, URL; or its files, identified by name. */
export type DataFolder = string | readonly File[]

/** The name in messages. */
export function folderName(folder: DataFolder): string {
  return typeof folder === 'string' ? folder : 'the given files'
}

/** A file of a folder. @throws DatasetError when it is missing from the given files. */
export async function fileIn(folder: DataFolder, name: string): Promise<FilePath> {
  if (typeof folder === 'string') return `${folder}/${name}`
  return asDatasetError(async () => {
    const found = folder.find(file => file.name === name)
    if (!found) throw new FileError(name, 'is not among the given files')
    return found
  })
}
