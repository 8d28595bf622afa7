// Which files an explanation of each image goes to.
import { stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { makeFolder } from '../../platform/node/folders.js'
import { ResnetError } from '../../base/errors.js'

/** What `--out` may say. */
export interface OutputRequest {
  /** A .png or .html file, or a folder; without, files are beside whoever calls. */
  readonly out: string | undefined
  readonly method: string
}

/**
 * A file for each name, no two alike; the folder, if one was asked for, is made.
 * @param names what is explained: images' paths, or a model's name.
 * @throws ResnetError when the file would be neither a picture nor a page, FileError when the folder cannot be made.
 */
export async function outputPaths(
  names: readonly string[],
  { out, method }: OutputRequest
): Promise<string[]> {
  const stems = distinct(names.map(name => basename(name, extname(name))))
  if (out === undefined) return stems.map(stem => `${stem}-${method}.png`)
  const extension = extname(out)
  if (/^\.(png|html)$/i.test(extension) && !(await isFolder(out))) {
    return names.length === 1
      ? [out]
      : stems.map(stem => `${out.slice(0, -extension.length)}-${stem}${extension}`)
  }
  if (extension !== '' && !(await isFolder(out))) {
    throw new ResnetError(`--out ${out}: a picture is written as .png, a page as .html`)
  }
  await makeFolder(out)
  return stems.map(stem => join(out, `${stem}-${method}.png`))
}

/** @throws ResnetError when a picture would be written over an image that is explained. */
export function assertNotOver(images: readonly string[], files: readonly string[]): void {
  const read = new Set(images.map(image => resolve(image)))
  const lost = files.find(file => read.has(resolve(file)))
  if (lost !== undefined) throw new ResnetError(`--out ${lost}: that is the image itself; name another file`)
}

/** Whether a file is to be a page and not a picture. */
export function isPage(path: string): boolean {
  return /\.html$/i.test(path)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

/** Images of one name in several folders are numbered. */
function distinct(stems: readonly string[]): string[] {
  const taken = new Set<string>()
  return stems.map(stem => {
    let name = stem
    for (let i = 2; taken.has(name); i++) name = `${stem}-${i}`
    taken.add(name)
    return name
  })
}
