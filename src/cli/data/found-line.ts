// One line about a folder of images: its classes and images, and what is left out and why.
import { basename, extname } from 'node:path'
import { counted } from '../../base/figures.js'
import { abridge } from '../../base/words.js'
import type { Dataset } from '../../data/dataset.js'
import type { LeftOut } from '../../data/image-folder.js'
import type { DatasetSplit } from '../../data/sampler.js'
import { isPassedOver, READ_FORMATS } from '../../images/image-files.js'

/** So many kinds of files and names of folders are listed. */
const LISTED = 5

export interface Found {
  readonly whole: Dataset
  readonly parts: DatasetSplit | undefined
  readonly leftOut: LeftOut
}

export function foundLine(path: string, { whole, parts, leftOut }: Found): string {
  const images = counted(whole.length, 'image', 'images')
  const split = parts
    ? ` (${parts.train.length} for training, ${parts.validation.length} for validation)`
    : ''
  const left = [...foldersIn(leftOut), ...filesIn(leftOut)]
  const rest = left.length === 0 ? '' : `; left out: ${left.join(', ')}`
  return `${path}: ${counted(whole.classes.length, 'class', 'classes')}, ${images}${split}${rest}`
}

function foldersIn({ folders }: LeftOut): string[] {
  const names = [...new Set(folders.map(folder => basename(folder)))]
  if (names.length === 0) return []
  return [`${folders.length === 1 ? 'folder' : 'folders'} ${abridge(names, LISTED)}`]
}

/** By ending, most first; hidden files together, whatever they end in. */
function filesIn({ files }: LeftOut): string[] {
  const hidden = files.filter(file => isPassedOver(basename(file))).length
  const counts = new Map<string, number>()
  for (const file of files) {
    if (isPassedOver(basename(file))) continue
    const ending = extname(file).toLowerCase()
    counts.set(ending, (counts.get(ending) ?? 0) + 1)
  }
  const kinds = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([ending, count]) => `${count} ${ending === '' ? 'without ending' : ending}`)
  const other = kinds.length === 0 ? [] : [`${abridge(kinds, LISTED)} (${READ_FORMATS} are read)`]
  return [...other, ...(hidden > 0 ? [counted(hidden, 'hidden file', 'hidden files')] : [])]
}
