// What the explorer's site consists of: folders of this package and of those it depends on, each under its own address.
import { cp, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../platform/node/folders.js'
import { PathError, ResnetError } from '../../base/errors.js'

/** A folder of the site. */
export interface SiteFolder {
  /** Where on the site: `/`, or `/runtime/`. */
  readonly at: string
  readonly folder: string
  /** The files of the folder that belong to it; default all. */
  readonly only?: readonly string[]
}

/** Folders, the first of which is the page. */
export type Site = readonly SiteFolder[]

/**
 * The folder of a built page.
 * @throws ResnetError when the page is not there.
 */
export async function builtPage(page: string): Promise<SiteFolder> {
  const isBuilt = await stat(join(page, 'index.html')).then(
    () => true,
    () => false
  )
  if (!isBuilt)
    throw new ResnetError(
      `The explorer's page is not built (${page} is missing); in a checkout, npm run explore builds it`
    )
  return { at: '/', folder: page }
}

/**
 * Writes a site into a folder, which is made; what else is there stays.
 * @throws PathError when it cannot be written.
 */
export async function copySite(site: Site, out: string): Promise<void> {
  await makeFolder(out)
  for (const { at, folder, only } of site) {
    for (const name of only ?? (await readdir(folder))) {
      if (name.startsWith('.')) continue
      try {
        await cp(join(folder, name), join(out, at, name), { recursive: true })
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new PathError(out, `cannot be written: ${reason}`, { cause })
      }
    }
  }
}
