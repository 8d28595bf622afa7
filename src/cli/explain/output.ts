// Where explanations are written, and how: a PNG of the heat over the picture, or a page with both.
import { stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { ResnetError } from '../../base/errors.js'
import { coloured } from '../../explain/colour-map.js'
import { enlargedToView, overlay } from '../../explain/overlay.js'
import { METHODS, type MethodName } from '../../explain/words.js'
import { encodePng, writeImage } from '../../images/image-files.js'
import type { Picture } from '../../images/picture.js'
import { explainPage, type PageContent } from '../../pages/explanation/explain-page.js'
import { isWebAddress } from '../images-at.js'
import { makeFolder } from '../../platform/node/folders.js'
import type { Tensor } from '../../tensor/tensor.js'
import { writeFileAtomic } from '#platform'

/**
 * A distinct file for each image's path or model's name; makes the folder if `out` is one.
 * @throws ResnetError for another file type, FileError when the folder cannot be made.
 */
export async function outputPaths(
  names: readonly string[],
  { out, method }: { readonly out?: string | undefined; readonly method: string }
): Promise<string[]> {
  const stems = distinct(names.map(stemOf))
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

/** Whether there is a folder of this name. */
export function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false
  )
}

/** A file's name without its extension; of an address, what may be in a file's name. */
function stemOf(name: string): string {
  if (!isWebAddress(name) || !URL.canParse(name)) return basename(name, extname(name))
  const { pathname, hostname } = new URL(name)
  const file = basename(pathname) || hostname
  return basename(file, extname(file)).replace(/[^\w.-]/g, '_')
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

// The least side in pixels: small inputs, such as 28 × 28, are enlarged.
const LEAST_SIDE = 224
const COLOURS = 'inferno'

export interface Shown extends Pick<PageContent, 'title' | 'classes' | 'facts'> {
  readonly method: MethodName
  /** The network's input as a picture. */
  readonly image?: Picture
  readonly heat?: Tensor<'float32'> | undefined
  readonly sheet?: Picture | undefined
  readonly alpha: number
}

/** @throws ResnetError when the file cannot be written. */
export async function writeSeen(path: string, shown: Shown): Promise<void> {
  const { image, heat, sheet, alpha, title, classes, facts, method } = shown
  const viewed = image && heat && enlargedToView({ image, heat }, LEAST_SIDE)
  if (!isPage(path)) {
    const picture = viewed ? overlay(viewed.image, viewed.heat, { alpha, colours: COLOURS }) : sheet
    if (picture) await writeImage(path, picture)
    return
  }
  const page = explainPage({
    title,
    reading: METHODS[method].shows,
    classes,
    facts,
    ...(image && { picture: await encodePng(viewed?.image ?? image) }),
    ...(viewed && {
      heat: { png: await encodePng(coloured(viewed.heat, COLOURS)), alpha, colours: COLOURS }
    }),
    ...(sheet && { sheet: await encodePng(sheet) })
  })
  await writeFileAtomic(path, [new TextEncoder().encode(page)])
}
