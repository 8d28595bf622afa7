// Folders in Node.
import type { Dirent, Stats } from 'node:fs'
import { mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileError } from '../file.js'
import { named } from './files.js'

/**
 * Makes a folder and those it lies in, where they are missing. Node's own `mkdir` with `recursive` never comes back from
 * a place such as `/proc`, which is there but has no room for new folders.
 * @throws FileError when it cannot be made.
 */
export function makeFolder(path: string): Promise<void> {
  return named(path, async () => {
    if (await madeIn(path)) return
    const parent = dirname(path)
    if (parent !== path) await makeFolder(parent)
    if (!(await madeIn(path))) throw new FileError(path, 'no folder can be made here')
  })
}

/** Whether a folder is there now; false where the one it lies in is missing. */
async function madeIn(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    const isThere = await stat(path).then(
      found => found.isDirectory(),
      () => false
    )
    if (isThere) return true
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/**
 * The paths of the files in a folder, in no order; `undefined` when the path is a file.
 * @throws FileError when it cannot be listed.
 */
export function listFolder(path: string): Promise<string[] | undefined> {
  return listing(path, async () => {
    if (!(await stat(path)).isDirectory()) return undefined
    const entries = await readdir(path, { withFileTypes: true })
    const files = await Promise.all(
      entries.map(async entry => {
        const file = join(path, entry.name)
        return (await meant(entry, file))?.isFile() ? [file] : []
      })
    )
    return files.flat()
  })
}

/** Something in a folder. */
export interface FolderEntry {
  readonly name: string
  readonly path: string
}

/** What is in a folder, in no order. A link counts as what it points at, and as a file when that is missing. */
export interface FolderContents {
  /** The folder's path without links: equal for equal folders. */
  readonly realPath: string
  readonly files: readonly FolderEntry[]
  readonly folders: readonly FolderEntry[]
}

/**
 * What is in a folder (Python: one step of `os.walk(path, followlinks=True)`).
 * @throws FileError when it is not a folder or cannot be listed.
 */
export function readFolder(path: string): Promise<FolderContents> {
  return listing(path, async () => {
    if (!(await stat(path)).isDirectory()) throw new FileError(path, 'is a file, not a folder')
    const files: FolderEntry[] = []
    const folders: FolderEntry[] = []
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const found = { name: entry.name, path: join(path, entry.name) }
      const kind = (await meant(entry, found.path))?.isDirectory() ? folders : files
      kind.push(found)
    }
    return { realPath: await realpath(path), files, folders }
  })
}

/** Runs something that lists the folder, where a file could be as well. */
function listing<T>(path: string, run: () => Promise<T>): Promise<T> {
  return named(path, run, { ENOENT: 'no such file or folder' })
}

/** What an entry is, or what it points at; nothing where that is missing. */
async function meant(entry: Dirent, path: string): Promise<Dirent | Stats | undefined> {
  return entry.isSymbolicLink() ? stat(path).catch(() => undefined) : entry
}
