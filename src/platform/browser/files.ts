// Files in the browser: the same names as in Node, over fetch and Blob. A page reads; it cannot write a path.
import { keptBlob } from './cache.js'
import { networkFault } from './addresses.js'
import { FileError, fileName, openBlob, type FilePath, type OpenFile } from '../file.js'

/** Opens a blob, a kept download or a URL for positional reads. @throws FileError when it cannot be fetched. */
export async function openFile(path: FilePath): Promise<OpenFile> {
  const name = fileName(path)
  if (path instanceof Blob) return openBlob(path, name)
  return openBlob((await keptBlob(path)) ?? (await fetchBlob(path, name)), name)
}

/** Reads a whole file. @throws FileError when it cannot be fetched or read. */
export async function readFile(path: FilePath): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openFile(path)
  return file.read(0, file.size)
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

async function fetchBlob(url: string | URL, name: string): Promise<Blob> {
  try {
    const response = await fetch(url)
    if (!response.ok) throw new FileError(name, `cannot be fetched: HTTP status ${response.status}`)
    // Many servers answer with the application's own page, and success, where there is no such file.
    if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) {
      throw new FileError(
        name,
        'cannot be fetched: the server answers with a web page; is there such a file?'
      )
    }
    return await response.blob()
  } catch (cause) {
    if (cause instanceof FileError) throw cause
    throw new FileError(name, `cannot be fetched: ${networkFault(cause, name)}`, { cause })
  }
}

/** @throws FileError always: a page has no folders to read. */
export async function readFolder(path: string): Promise<never> {
  throw new FileError(path, 'a page cannot list folders, so this works in Node alone; give it single files')
}

/** @throws FileError always, as above. */
export const listFolder: (path: string) => Promise<string[] | undefined> = readFolder
