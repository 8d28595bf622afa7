// Files in Node: positional reads and atomic writes. System errors become FileErrors that name the path.
import {
  access,
  constants,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  type FileHandle
} from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { naming } from '../../base/errors.js'
import { isA } from '../../base/kinds.js'
import { allocateBytes } from '../allocate-bytes.js'
import {
  assertInside,
  assertPlace,
  FileError,
  fileName,
  isServed,
  openAddress,
  openGiven,
  readWhole,
  type FilePath,
  type OpenFile,
  type Reading
} from '../file.js'
import { networkFault } from './addresses.js'
import { temporaryIn } from './temporary.js'

// One read(2) transfers less than 2 GiB.
const MAX_TRANSFER = 2 ** 30

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EEXIST: 'already exists and is not a folder',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTEMPTY: 'is a folder, not a file',
  ENAMETOOLONG: 'is too long for a path',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'is larger than a file may be: raise the limit (ulimit -f), or write to another file system',
  EROFS: 'the file system is read-only',
  EIO: 'the device failed to transfer data',
  ERR_INVALID_ARG_VALUE: 'is not a valid path',
  ERR_INVALID_URL_SCHEME: 'is not a file: URL',
  ERR_INVALID_FILE_URL_PATH: 'is not the URL of a local file',
  ERR_INVALID_FILE_URL_HOST: 'is not the URL of a local file'
}

// Two letters at least, since one may be a drive.
const FETCHED = /^(https?:\/\/|data:[^,]*,|blob:)/i
const LOCAL = /^file:\/\//i

/** Opens a regular file, what an address leads to, or what is given, for positional reads. @throws FileError when it cannot be read. */
export async function openFile(path: FilePath, reading?: Reading): Promise<OpenFile> {
  const given = openGiven(path)
  if (given) return given
  assertPlace(path)
  const name = fileName(path)
  const address = String(path)
  if (FETCHED.test(address)) return openAddress(address, name, networkFault, reading)
  return named(name, async () => openPath(LOCAL.test(address) ? fileURLToPath(address) : path, name))
}

/** Whether a file is there, without reading it; true where only reading can tell. */
export async function isThere(path: string): Promise<boolean> {
  if (FETCHED.test(path)) return isServed(path)
  const place = LOCAL.test(path) ? new URL(path) : path
  return stat(place).then(
    found => found.isFile(),
    () => false
  )
}

async function openPath(path: string | URL, name: string): Promise<OpenFile> {
  const { handle, size } = await named(name, async () => {
    // Checked before opening: opening a pipe would wait for its writer.
    const stats = await stat(path)
    if (stats.isDirectory()) throw new FileError(name, 'is a folder, not a file')
    if (!stats.isFile()) throw new FileError(name, 'is not a regular file')
    return { handle: await open(path), size: stats.size }
  })
  const read = async (offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
    assertInside(name, size, offset, length)
    const bytes = allocateBytes(length)
    for (let done = 0; done < length;) {
      const wanted = Math.min(length - done, MAX_TRANSFER)
      const { bytesRead } = await handle.read(bytes, done, wanted, offset + done)
      if (bytesRead === 0) throw new FileError(name, 'became shorter while it was read')
      done += bytesRead
    }
    return bytes
  }
  return {
    name,
    size,
    read: (offset, length) => naming(name, FileError, () => named(name, () => read(offset, length))),
    close: () => named(name, () => handle.close())
  }
}

/** Reads a whole file. @throws FileError when it cannot be opened or read. */
export async function readFile(path: FilePath, reading: Reading = {}): Promise<Uint8Array> {
  const file = await openFile(path, reading)
  try {
    return await readWhole(file, reading)
  } finally {
    await file.close()
  }
}

/**
 * Writes a temporary file in the same folder, flushes it and renames it; it is removed if the chunks throw. A link stays one:
 * what it leads to is written. A file that is replaced leaves its permissions to the new one.
 * @throws FileError when it cannot be written, or is no regular file.
 */
export async function writeFileAtomic(
  path: string | URL,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
): Promise<void> {
  await named(
    fileName(path),
    async () => {
      const { target, mode } = await placeOf(pathOf(path))
      const temporary = temporaryIn(dirname(target))
      try {
        const handle = await open(temporary, 'wx', mode)
        try {
          // What is asked for on opening is less than that by the process's mask.
          if (mode !== undefined) await handle.chmod(mode)
          for await (const chunk of chunks) await writeFully(handle, chunk)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(temporary, target)
      } catch (error) {
        // It stays where nothing can be removed any more: what failed first says why.
        await rm(temporary, { force: true }).catch(() => {})
        throw error
      }
    },
    NO_FOLDER
  )
}

/** Fails early where `writeFileAtomic` would fail in the end. @throws FileError when a file cannot be written. */
export async function assertWritable(path: string | URL): Promise<void> {
  await named(
    fileName(path),
    async () => {
      const temporary = temporaryIn(dirname((await placeOf(pathOf(path))).target))
      await (await open(temporary, 'wx')).close()
      await rm(temporary, { force: true })
    },
    NO_FOLDER
  )
}

const NO_FOLDER: typeof FAULTS = { ENOENT: 'its folder does not exist' }
/** The permissions of a file: to read, write and run. */
const PERMISSIONS = 0o777

function pathOf(path: string | URL): string {
  return isA(URL, path) || LOCAL.test(path) ? fileURLToPath(path) : path
}

/** Where a file is written, links followed, and the permissions of the one that is there. */
async function placeOf(path: string): Promise<{ readonly target: string; readonly mode?: number }> {
  const stats = await stat(path).catch((error: unknown) => {
    if (isA(Error, error) && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (!stats) {
    // A link may lead to a file that is still to be written.
    const link = await readlink(path).catch(() => undefined)
    return link === undefined ? { target: path } : placeOf(resolve(dirname(path), link))
  }
  if (stats.isDirectory()) throw new FileError(path, 'is a folder, not a file')
  if (!stats.isFile()) throw new FileError(path, 'is not a regular file: name one, or a new one')
  // Renaming over it asks only for the folder's permission.
  await access(path, constants.W_OK)
  return { target: await realpath(path), mode: stats.mode & PERMISSIONS }
}

async function writeFully(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.byteLength;) {
    const wanted = Math.min(chunk.byteLength - done, MAX_TRANSFER)
    const { bytesWritten } = await handle.write(chunk, done, wanted)
    done += bytesWritten
  }
}

/** Converts system errors to FileErrors, with the wording of `others` where given. */
export async function named<T>(name: string, run: () => Promise<T>, others: typeof FAULTS = {}): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    if (!(isA(Error, cause) && 'code' in cause && typeof cause.code === 'string')) throw cause
    throw new FileError(name, others[cause.code] ?? FAULTS[cause.code] ?? cause.message, { cause })
  }
}
