import { readFolder, type FolderEntry } from '#platform'
import { DatasetError } from './dataset.js'
import { asDatasetError } from './read-file.js'

/**
 * The files below a folder, links followed, in the order of torchvision's `make_dataset`:
 * `for root, _, names in sorted(os.walk(path, followlinks=True))`, each sorted.
 * @param above the real paths of the enclosing folders.
 * @throws DatasetError when a folder cannot be listed, or a link leads back to an enclosing folder.
 */
export async function walkFolder(path: string, above: readonly string[]): Promise<FolderEntry[]> {
  const levels = await readLevels(path, above)
  // By whole path: "a-b/" is before "a/b/", though "a" is before "a-b".
  return levels
    .sort((a, b) => compareCodePoints(a.path, b.path))
    .flatMap(({ files }) => files.toSorted((a, b) => compareCodePoints(a.name, b.name)))
}

interface Level {
  readonly path: string
  readonly files: readonly FolderEntry[]
}

async function readLevels(path: string, above: readonly string[]): Promise<Level[]> {
  const { realPath, files, folders } = await asDatasetError(() => readFolder(path))
  if (above.includes(realPath)) {
    throw new DatasetError(path, 'is a link that leads back to a folder it is in')
  }
  const levels: Level[] = [{ path, files }]
  for (const folder of folders) {
    for (const level of await readLevels(folder.path, [...above, realPath])) levels.push(level)
  }
  return levels
}

/** Compares by code point, as Python's `sorted`; JavaScript compares UTF-16 units, which puts "𝒜" before "ﬁ". */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  // A prefix comes first.
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1)
}
