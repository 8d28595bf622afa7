// Files in the browser: the same names as in Node, over fetch and Blob. A page reads; it cannot write a path.
import { keptBlob } from './cache.js'
import { networkFault } from './addresses.js'
import {
  assertPlace,
  FileError,
  fileName,
  isServed,
  openAddress,
  openBlob,
  openGiven,
  readWhole,
  type FilePath,
  type OpenFile,
  type Reading
} from '../file.js'

/** Opens a kept download, what an address leads to, or what is given, for positional reads. @throws FileError when it cannot be fetched. */
export async function openFile(path: FilePath, reading?: Reading): Promise<OpenFile> {
  const given = openGiven(path)
  if (given) return given
  assertPlace(path)
  const name = fileName(path)
  const kept = await keptBlob(path)
  return kept ? openBlob(kept, name) : openAddress(String(path), name, networkFault, reading)
}

/** Whether a file is there, without reading it; true where only reading can tell. */
export async function isThere(path: string): Promise<boolean> {
  return (await keptBlob(path)) !== undefined || isServed(path)
}

/** Reads a whole file. @throws FileError when it cannot be fetched or read. */
export async function readFile(path: FilePath, reading: Reading = {}): Promise<Uint8Array> {
  const file = await openFile(path, reading)
  return readWhole(file, reading)
}

/** @throws FileError always: a page has no paths to write to. */
export async function writeFileAtomic(
  path: string | URL,
  _chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
): Promise<void> {
  throw new FileError(
    fileName(path),
    'a page cannot write files; make bytes with encodeWeights, encodeCheckpoint or encodePng and offer them as a download'
  )
}

/** @throws FileError always: a page has no folders to read. */
export async function readFolder(path: string): Promise<never> {
  throw new FileError(path, 'a page cannot list folders, so this works in Node alone; give it single files')
}

/** @throws FileError always, as above. */
export const listFolder: (path: string) => Promise<string[] | undefined> = readFolder

/** A page has none. */
export function isFolder(_path: string): boolean {
  return false
}
