// The explorer's site: folders of this package and of its dependencies, each at its own path.
import { existsSync } from 'node:fs'
import { cp, readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { makeFolder } from '../../platform/node/folders.js'
import { PathError, ResnetError } from '../../base/errors.js'

export interface SiteFolder {
  /** Its path on the site: `/`, or `/runtime/`. */
  readonly at: string
  readonly folder: string
  /** Selects files of the folder; default all. */
  readonly only?: readonly string[]
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
  return JSON.parse(await readFile(join(page.folder, 'headers.json'), 'utf8')) as Record<string, string>
}

/** Copies a site into a folder; other files there are kept. @throws PathError when it cannot be written. */
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
