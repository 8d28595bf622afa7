// Files of installed packages: a page has none.
import { FileError } from './file.js'

/** @throws FileError always: what a bundler makes of packages has no files. */
export async function readPackageText(name: string): Promise<string> {
  throw new FileError(name, 'a browser has no files of packages')
}
