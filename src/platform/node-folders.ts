// Folders in Node.
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FileError } from './file.js'
import { named } from './node-files.js'

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
