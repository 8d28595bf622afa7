// What addresses lead to, in Node.
import { extname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { FileError, fileName } from '../file.js'

/** The whole address; in Node it has to be one already. */
export function resolveAddress(address: string | URL): string {
  return String(address)
}

/** Why a request failed, as the end of a sentence: `fetch` says only that it did; why is in the cause. */
export function networkFault(error: unknown, _address: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}

/**
 * Runs a JavaScript file and gives what it exports: only for files that the user named.
 * @throws FileError for a TypeScript file that this version of Node cannot load; whatever the file throws.
 */
export async function importModule(path: string | URL): Promise<object> {
  const file = resolve(path instanceof URL ? fileURLToPath(path) : path)
  try {
    return (await import(pathToFileURL(file).href)) as object
  } catch (cause) {
    const isUnknown = cause instanceof Error && Reflect.get(cause, 'code') === 'ERR_UNKNOWN_FILE_EXTENSION'
    if (!isUnknown) throw cause
    const fault = `Node ${process.versions.node} cannot load ${extname(file)} files`
    const remedy = 'use Node 22.18 or later, compile it to JavaScript, or run the command with tsx'
    throw new FileError(fileName(path), `${fault}: ${remedy}`, { cause })
  }
}
