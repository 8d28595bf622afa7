// What addresses lead to, in Node.
import { extname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isA } from '../../base/kinds.js'
import type { NetworkFault } from '../answers.js'
import { FileError, fileName } from '../file.js'

/** The whole address; in Node it has to be one already. */
export function resolveAddress(address: string | URL): string {
  return String(address)
}

// Of an address, or of where it redirects to: the next request would end there too.
const LASTING = /redirect|scheme|invalid url/i

/** Why a request failed: `fetch` says only that it did; why is in the cause. */
export function networkFault(error: unknown, _address: string): NetworkFault {
  const cause = isA(Error, error) && isA(Error, error.cause) ? error.cause : error
  const fault = isA(Error, cause) ? cause.message || cause.name : String(cause)
  return { fault, passes: !LASTING.test(fault) }
}

/**
 * Runs a JavaScript file and gives what it exports: only for files that the user named.
 * @throws FileError for a TypeScript file that this version of Node cannot load; whatever the file throws.
 */
export async function importModule(path: string | URL): Promise<object> {
  const file = resolve(isA(URL, path) || /^file:\/\//i.test(path) ? fileURLToPath(path) : path)
  try {
    return (await import(/* webpackIgnore: true */ pathToFileURL(file).href)) as object
  } catch (cause) {
    const isUnknown = isA(Error, cause) && Reflect.get(cause, 'code') === 'ERR_UNKNOWN_FILE_EXTENSION'
    if (!isUnknown) throw cause
    const fault = `Node ${process.versions.node} cannot load ${extname(file)} files`
    const remedy = 'use Node 22.18 or later, compile it to JavaScript, or run the command with tsx'
    throw new FileError(fileName(path), `${fault}: ${remedy}`, { cause })
  }
}
