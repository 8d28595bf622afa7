// The explorer's site: folders of this package and of its dependencies, each at its own path.
import { existsSync } from 'node:fs'
import { cp, lstat, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readFile, writeFileAtomic } from '../../platform/node/files.js'
import { makeFolder } from '../../platform/node/folders.js'
import { PathError, ResnetError } from '../../base/errors.js'

export interface SiteFolder {
  /** Its path on the site: `/`, or `/runtime/`. */
  readonly at: string
  readonly folder: string
  /** Selects files of the folder; default all. */
  readonly only?: readonly string[] | undefined
}

/** The first folder is the page. */
export type Site = readonly SiteFolder[]

/** The folder of a built page. @throws ResnetError when it is missing. */
export function builtPage(page: string): SiteFolder {
  if (existsSync(join(page, 'index.html'))) return { at: '/', folder: page }
  const remedy = 'in a checkout, npm run explore builds it'
  throw new ResnetError(`The explorer's page is not built (${page} is missing); ${remedy}`)
}

/**
 * ONNX Runtime's WebAssembly, for the processor and for WebGPU: forty megabytes, which stay in their own package until a
 * site is served or written. The scripts here were built for exactly the version that package.json names.
 */
const RUNTIME = ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.asyncify.wasm']

export function runtimeFiles(at: string): SiteFolder {
  const { resolve } = createRequire(import.meta.url)
  return { at, folder: dirname(resolve(`onnxruntime-web/${RUNTIME[0]}`)), only: RUNTIME }
}

/** What the build says that a server should send with the page: its content security policy. */
export async function siteHeaders([page]: Site): Promise<Readonly<Record<string, string>>> {
  return JSON.parse(await textOf(join(page.folder, 'headers.json'))) as Record<string, string>
}

/** Lists what copies of sites have put into a folder, one name a line: what is not in it is the user's. */
const LIST = '.resnet-ts'

/**
 * Copies a site into a folder; other files there are kept.
 * @throws PathError when it cannot be written, or would replace what no earlier copy wrote, unless that is asked for.
 */
export async function copySite(site: Site, out: string, overwrite = false): Promise<void> {
  await makeFolder(out)
  const names = await namesIn(site)
  const list = join(out, LIST)
  const own = (await isThere(list)) ? (await textOf(list)).split('\n') : []
  for (const name of overwrite ? [] : [...names, LIST]) {
    if (own.includes(name) || !(await isThere(join(out, name)))) continue
    const remedy = '--overwrite replaces it, --out names another folder'
    throw new PathError(out, `already holds ${name}, which this command did not write; ${remedy}`)
  }
  // First, so that the copy can be repeated when it is cut short.
  const written = [...new Set([LIST, ...own, ...names])].filter(name => name !== '')
  await writeFileAtomic(list, [new TextEncoder().encode(`${written.join('\n')}\n`)])
  for (const { at, folder, only } of site) {
    for (const name of await namesOf({ folder, only })) {
      try {
        await cp(join(folder, name), join(out, at, name), { recursive: true })
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new PathError(out, `cannot be written: ${reason}`, { cause })
      }
    }
  }
}

/** What is copied of a folder: files and folders in it. */
async function namesOf({ folder, only }: Pick<SiteFolder, 'folder' | 'only'>): Promise<readonly string[]> {
  return (only ?? (await readdir(folder))).filter(name => !name.startsWith('.'))
}

/** The same of a site, by their paths in the copy. */
async function namesIn(site: Site): Promise<string[]> {
  const names = await Promise.all(
    site.map(async part => (await namesOf(part)).map(name => `${part.at}${name}`.replace(/^\//, '')))
  )
  return names.flat()
}

async function textOf(file: string): Promise<string> {
  return new TextDecoder().decode(await readFile(file))
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false
  )
}
