import { stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { makeFolder } from '../../platform/node/folders.js'
import { ResnetError } from '../../base/errors.js'

export interface OutputRequest {
  /** A .png or .html file, or a folder; default the working directory. */
  readonly out: string | undefined
  readonly method: string
}

/**
 * A distinct file for each name; makes the folder if `out` is one.
 * @param names what is explained: images' paths, or a model's name.
 * @throws ResnetError for another file type, FileError when the folder cannot be made.
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

/** @throws ResnetError when the output would overwrite an input image. */
export function assertNotOver(images: readonly string[], files: readonly string[]): void {
  const read = new Set(images.map(image => resolve(image)))
  const lost = files.find(file => read.has(resolve(file)))
  if (lost !== undefined) throw new ResnetError(`--out ${lost}: that is the image itself; name another file`)
}

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

/** Numbers images of the same name in different folders. */
function distinct(stems: readonly string[]): string[] {
  const taken = new Set<string>()
  return stems.map(stem => {
    let name = stem
    for (let i = 2; taken.has(name); i++) name = `${stem}-${i}`
    taken.add(name)
    return name
  })
}
