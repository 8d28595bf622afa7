// Folders in the browser: the same names as node-folders.ts gives to `#platform`. A page has none.
import { FileError } from './file.js'

/** @throws FileError always: a page has no folders to list. */
export async function listFolder(path: string): Promise<string[] | undefined> {
  throw noFolders(path)
}

/** @throws FileError always: a page has no folders to read. */
export async function readFolder(path: string): Promise<never> {
  throw noFolders(path)
}

function noFolders(path: string): FileError {
  return new FileError(path, 'a page cannot list folders, so this works in Node alone; give it single files')
}
