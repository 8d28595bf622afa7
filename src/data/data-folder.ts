// Where a data set's files are: in a folder, given by its path or address, or given one by one, as the user of a page
// selects them.
import { FileError, type FilePath } from '#platform'
import { asDatasetError } from './read-file.js'

/** A folder's path, in a page its address; or the files that would be in it, known by their names. */
export type DataFolder = string | readonly File[]

/** How messages call it. */
export function folderName(folder: DataFolder): string {
  return typeof folder === 'string' ? folder : 'the given files'
}

/**
 * A file of a folder.
 * @throws DatasetError when it is not among the files.
 */
export async function fileIn(folder: DataFolder, name: string): Promise<FilePath> {
  if (typeof folder === 'string') return `${folder}/${name}`
  return asDatasetError(async () => {
    const found = folder.find(file => file.name === name)
    if (!found) throw new FileError(name, 'is not among the given files')
    return found
  })
}
