// The images that paths on a command line mean: files, folders with what is below them, addresses, and a list on standard input.
// They are found as they are needed, so a million take no more memory than the names in one folder.
import { opendir, realpath, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { naming, ResnetError } from '../base/errors.js'
import { CircleFault, FolderVisits } from '../images/folder-visits.js'
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

/**
 * Finds images in the order of the paths; a folder's own come before those of its subfolders, each by name.
 * @param onNote called with a sentence on the pictures below a folder that are of formats that are not read.
 */
export async function* findImages(
  paths: readonly string[],
  onNote: (note: string) => void
): AsyncGenerator<FoundImage, undefined> {
  for (const path of paths) {
    if (path !== STANDARD_INPUT) yield* imagesBelow(path, onNote)
    else for await (const line of linesOf()) yield* imagesBelow(line, onNote)
  }
}

/** The endings of pictures that are not read. */
const OTHER_PICTURE = /\.(avif|bmp|heic|heif|ico|jp2|jxl|p[bgnp]m|tga|tiff?)$/i

/** How many files there are of each ending. */
type Counts = Map<string, number>

// Far longer than any path or address: what is no list, such as a picture itself, is not gathered without end.
const LONGEST_LINE = 2 ** 16

/** The lines of a list that are not empty. @param chunks its text; default standard input. */
export async function* linesOf(
  chunks: AsyncIterable<string> = process.stdin.setEncoding('utf8')
): AsyncGenerator<string, undefined> {
  let rest = ''
  let isFirst = true
  for await (const chunk of chunks) {
    // Some systems begin a text with a mark of its encoding.
    const lines = (rest + (isFirst ? chunk.replace(/^\uFEFF/, '') : chunk)).split(/\r?\n/)
    isFirst = false
    rest = lines.pop() ?? ''
    for (const line of [...lines, ...(rest.length > LONGEST_LINE ? [rest] : [])]) {
      if (line.length > LONGEST_LINE) throw new ResnetError(NO_LIST)
      if (line.trim() !== '') yield line
    }
  }
  if (rest.trim() !== '') yield rest.replace(/\r$/, '')
}

const NO_LIST = `The list on standard input has a line of more than ${LONGEST_LINE} characters; expected the path of an image on each`

const EMPTY = 'The path of an image is empty; expected a file, a folder, an address or -'

async function* imagesBelow(
  path: string,
  onNote: (note: string) => void
): AsyncGenerator<FoundImage, undefined> {
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
    const others: Counts = new Map()
    for await (const found of walk(path, new FolderVisits(), others)) {
      isEmpty = false
      yield found
    }
    if (others.size > 0) {
      const mostFirst = [...others].sort(([a, some], [b, more]) => more - some || (a < b ? -1 : 1))
      const kinds = mostFirst.map(([ending, count]) => `${count} ${ending}`)
      onNote(`${path}: left out ${kinds.join(', ')}: ${READ_FORMATS} are read`)
    }
    if (isEmpty) throw new ImageError(path, `has no images in it; ${READ_FORMATS} are read`)
  } catch (error) {
    yield faulty(path, error)
  }
}

/** @param known the folder's path without links: to ask for it costs the square of its depth. */
async function* walk(
  folder: string,
  visits: FolderVisits,
  others: Counts,
  known?: string
): AsyncGenerator<FoundImage, undefined> {
  const found = await listing(folder, () => contentsOf(folder, others, known)).catch((error: unknown) =>
    faulty(folder, error)
  )
  if ('fault' in found) {
    yield found
    return
  }
  try {
    await naming(folder, ImageError, () => visits.enter(found.realPath))
  } catch (error) {
    // Of other folders there is more to see; one that is reached in too many ways ends the walk.
    if (!(error instanceof ImageError && error.cause instanceof CircleFault)) throw error
    yield faulty(folder, error)
    return
  }
  for (const name of found.images.sort()) yield { image: join(folder, name) }
  for (const name of found.folders.sort()) {
    const real = found.links.has(name) ? undefined : join(found.realPath, name)
    yield* walk(join(folder, name), visits, others, real)
  }
  visits.leave(found.realPath)
}

interface Contents {
  readonly realPath: string
  readonly images: string[]
  readonly folders: string[]
  /** Those of them that are links. */
  readonly links: ReadonlySet<string>
}

/** Names alone: an entry's other properties would take several times the memory. */
async function contentsOf(folder: string, others: Counts, known?: string): Promise<Contents> {
  const links = new Set<string>()
  const [images, folders]: string[][] = [[], []]
  for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
    const { name } = entry
    if (isPassedOver(name)) continue
    const meant = entry.isSymbolicLink() ? await stat(join(folder, name)).catch(() => undefined) : entry
    if (meant?.isDirectory()) {
      folders.push(name)
      if (entry.isSymbolicLink()) links.add(name)
    } else if (meant?.isFile() && isImageName(name)) images.push(name)
    else if (meant?.isFile() && OTHER_PICTURE.test(name)) {
      const ending = extname(name).toLowerCase()
      others.set(ending, (others.get(ending) ?? 0) + 1)
    }
  }
  return { realPath: known ?? (await realpath(folder)), images, folders, links }
}

function listing<T>(path: string, run: () => Promise<T>): Promise<T> {
  return naming(path, ImageError, () => named(path, run, { ENOENT: 'no such file or folder' }))
}

function faulty(image: string, error: unknown): FoundImage & { readonly fault: ResnetError } {
  if (error instanceof ResnetError) return { image, fault: error }
  throw error
}
