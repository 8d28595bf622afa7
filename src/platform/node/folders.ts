import { statSync, type Dirent, type Stats } from 'node:fs'
import { mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileError } from '../file.js'
import { named } from './files.js'

/** Makes a folder and its parents: Node's own recursion never ends in `/proc`. @throws FileError when it cannot be made. */
export function makeFolder(path: string): Promise<void> {
  return named(path, async () => {
    if (await madeIn(path)) return
    const parent = dirname(path)
    if (parent !== path) await makeFolder(parent)
    if (!(await madeIn(path))) throw new FileError(path, 'no folder can be made here')
  })
}

/** Whether a folder exists now; false if its parent is missing. */
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

/** Paths of a folder's files, unordered; undefined for a file. @throws FileError when it cannot be listed. */
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

export interface FolderEntry {
  readonly name: string
  readonly path: string
  /** Without links, if it is known: of a folder that is no link itself. */
  readonly realPath?: string
}

/** A folder's contents, unordered. A link counts as its target, or as a file if that is missing. */
export interface FolderContents {
  /** The path without links. */
  readonly realPath: string
  readonly files: readonly FolderEntry[]
  readonly folders: readonly FolderEntry[]
}

/**
 * One step of Python's `os.walk(path, followlinks=True)`.
 * @param known its path without links: to ask for it costs the square of its depth.
 * @throws FileError when it is no folder or cannot be listed.
 */
export function readFolder(path: string, known?: string): Promise<FolderContents> {
  return listing(path, async () => {
    if (!(await stat(path)).isDirectory()) throw new FileError(path, 'is a file, not a folder')
    const files: FolderEntry[] = []
    const folders: FolderEntry[] = []
    const realPath = known ?? (await realpath(path))
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const found = { name: entry.name, path: join(path, entry.name) }
      if (entry.isDirectory()) folders.push({ ...found, realPath: join(realPath, entry.name) })
      else if ((await meant(entry, found.path))?.isDirectory()) folders.push(found)
      else files.push(found)
    }
    return { realPath, files, folders }
  })
}

function listing<T>(path: string, run: () => Promise<T>): Promise<T> {
  return named(path, run, { ENOENT: 'no such file or folder' })
}

/** An entry's type, links followed; undefined for a missing target. */
async function meant(entry: Dirent, path: string): Promise<Dirent | Stats | undefined> {
  return entry.isSymbolicLink() ? stat(path).catch(() => undefined) : entry
}

export function isFolder(path: string): boolean {
  // Of what is no path at all it is false, too.
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch {
    return false
  }
}
