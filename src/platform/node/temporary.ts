// Names of files that are written beside their target and then renamed, so that those left by killed processes are known.
import { randomUUID } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = /^\.[\da-f-]{36}\.tmp$/

/** A new path in the target's folder. */
export function temporaryIn(folder: string): string {
  return join(folder, `.${randomUUID()}.tmp`)
}

// Far longer than any server may be silent, and shorter than the time until somebody wonders where the disk's space is.
const ABANDONED_MS = 60 * 60 * 1000

/** Removes what downloads that were killed have left in a folder. @param isOwn by its name. */
export async function removeAbandoned(folder: string, isOwn: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!isOwn(name)) continue
    const file = join(folder, name)
    const stats = await stat(file).catch(() => undefined)
    if (stats && Date.now() - stats.mtimeMs > ABANDONED_MS)
      await rm(file, { force: true }).catch(() => undefined)
  }
}

export function isTemporary(name: string): boolean {
  return NAME.test(name)
}
