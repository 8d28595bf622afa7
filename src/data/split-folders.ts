// Data sets split into folders for training and validation, such as ImageNet.
import { readFolder } from '#platform'
import { DatasetError } from './dataset.js'
import { imageFolder } from './image-folder.js'
import { asDatasetError } from './read-file.js'
import type { DatasetSplit } from './split.js'

const VALIDATION_NAMES = ['val', 'valid', 'validation', 'test']

/**
 * Reads `train` and the first of `val`, `valid`, `validation` or `test` in a folder, each by `imageFolder`; undefined unless
 * both exist.
 * @throws DatasetError when the folder cannot be listed, a part cannot be read, or their classes differ.
 * @example
 * const split = (await splitFolders('flowers')) ?? randomSplit(await imageFolder('flowers'), 0.2, 0)
 */
export async function splitFolders(path: string): Promise<DatasetSplit | undefined> {
  const { folders } = await asDatasetError(() => readFolder(path))
  const folderNamed = new Map(folders.map(folder => [folder.name, folder]))
  const training = folderNamed.get('train')
  const held = VALIDATION_NAMES.map(name => folderNamed.get(name)).find(folder => folder !== undefined)
  if (!training || !held) return undefined
  const train = await imageFolder(training.path)
  const validation = await imageFolder(held.path)
  const differences = [
    onlyIn('train', train.classes, validation.classes),
    onlyIn(held.name, validation.classes, train.classes)
  ].filter(text => text !== '')
  if (differences.length === 0) return { train, validation }
  throw new DatasetError(path, `its halves differ in their classes: ${differences.join('; ')}`)
}

function onlyIn(half: string, classes: readonly string[], others: readonly string[]): string {
  const known = new Set(others)
  const own = classes.filter(name => !known.has(name)).map(name => JSON.stringify(name))
  return own.length > 0 ? `only ${half} has ${own.join(', ')}` : ''
}
