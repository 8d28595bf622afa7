// The images that paths on a command line mean: files, folders with what is below them, addresses, and a list on standard input.
// They are found as they are needed, so a million take no more memory than the names in one folder.
import { opendir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { naming, ResnetError } from '../base/errors.js'
import { isImageName, isPassedOver, READ_FORMATS } from '../images/image-files.js'
import { ImageError } from '../images/picture.js'
import { named } from '../platform/node/files.js'

/** Stands for the list of paths on standard input. */
export const STANDARD_INPUT = '-'

export function isWebAddress(path: string): boolean {
  return /^https?:\/\//i.test(path)
}

/** An image's path, or a path at which none is found, with the reason. */
export interface FoundImage {
  readonly image: string
  readonly fault?: ResnetError
}

/** Finds images in the order of the paths; a folder's own come before those of its subfolders, each by name. */
export async function* findImages(paths: readonly string[]): AsyncGenerator<FoundImage, undefined> {
  for (const path of paths) {
    if (path !== STANDARD_INPUT) yield* imagesBelow(path)
    else for await (const line of linesOfInput()) yield* imagesBelow(line)
  }
}

async function* linesOfInput(): AsyncGenerator<string, undefined> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim() !== '') yield line
  }
}

const EMPTY = 'The path of an image is empty; expected a file, a folder, an address or -'

async function* imagesBelow(path: string): AsyncGenerator<FoundImage, undefined> {
  if (isWebAddress(path)) {
    yield { image: path }
    return
  }
  try {
    if (path === '') throw new ResnetError(EMPTY)
    const isFolder = await listing(path, async () => (await stat(path)).isDirectory())
    if (!isFolder) {
      yield { image: path }
      return
    }
    let isEmpty = true
    for await (const found of walk(path, [])) {
      isEmpty = false
      yield found
    }
    if (isEmpty) throw new ImageError(path, `has no images in it; ${READ_FORMATS} are read`)
  } catch (error) {
    yield faulty(path, error)
  }
}

async function* walk(folder: string, above: readonly string[]): AsyncGenerator<FoundImage, undefined> {
  const found = await listing(folder, () => contentsOf(folder)).catch((error: unknown) =>
    faulty(folder, error)
  )
  if ('fault' in found) {
    yield found
    return
  }
  if (above.includes(found.realPath)) {
    yield faulty(folder, new ImageError(folder, 'is a link that leads back to a folder it is in'))
    return
  }
  for (const name of found.images.sort()) yield { image: join(folder, name) }
  for (const name of found.folders.sort()) yield* walk(join(folder, name), [...above, found.realPath])
}

interface Contents {
  readonly realPath: string
  readonly images: string[]
  readonly folders: string[]
}

/** Names alone: an entry's other properties would take several times the memory. */
async function contentsOf(folder: string): Promise<Contents> {
  const [images, folders]: string[][] = [[], []]
  for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
    const { name } = entry
    if (isPassedOver(name)) continue
    const meant = entry.isSymbolicLink() ? await stat(join(folder, name)).catch(() => undefined) : entry
    if (meant?.isDirectory()) folders.push(name)
    else if (meant?.isFile() && isImageName(name)) images.push(name)
  }
  return { realPath: await realpath(folder), images, folders }
}

function listing<T>(path: string, run: () => Promise<T>): Promise<T> {
  return naming(path, ImageError, () => named(path, run, { ENOENT: 'no such file or folder' }))
}

function faulty(image: string, error: unknown): FoundImage & { readonly fault: ResnetError } {
  if (error instanceof ResnetError) return { image, fault: error }
  throw error
}
