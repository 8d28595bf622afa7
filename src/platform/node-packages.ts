// Files of installed packages in Node, wherever the package manager has put them.
import { createRequire } from 'node:module'
import { FileError } from './file.js'
import { readFile } from './node-files.js'

const { resolve } = createRequire(import.meta.url)

/**
 * The text of a file in a package that this one depends on, such as `uplot/LICENSE`.
 * @throws FileError when the package is not installed or lacks the file.
 */
export async function readPackageText(name: string): Promise<string> {
  return new TextDecoder().decode(await readFile(locate(name)))
}

function locate(name: string): string {
  try {
    return resolve(name)
  } catch (cause) {
    throw new FileError(name, 'is not installed beside this package', { cause })
  }
}
