// A user's own network, named on the command line by the JavaScript file that exports it.
import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import { PathError } from '../base/errors.js'
import { missingParts, type Library } from './library.js'

const EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']
const PACKAGE = 'resnet-ts'

/** A network from a file, and the package it is of. */
export interface UserNetwork {
  readonly net: Module
  readonly library: Library
  /** What the file exports as `inputShape`. */
  readonly inputShape: Shape | undefined
}

/** Whether MODEL means a file and not a model of the registry. */
export function isFile(model: string): boolean {
  return EXTENSIONS.includes(extname(model)) || /[\\/]/.test(model)
}

/**
 * Imports a file and makes the network that it exports: a Module, a class of one, or a function that gives one.
 * @throws PathError that says what is wrong with the file.
 */
export async function openUserModule(path: string, exportName = 'default'): Promise<UserNetwork> {
  const file = resolve(path)
  const stats = await stat(file).catch(() => undefined)
  if (!stats) throw new PathError(path, 'there is no such file')
  if (!stats.isFile()) throw new PathError(path, 'is not a file')
  const library = await libraryOf(path, file)
  const found = await importFile(path, file)
  const exported: unknown = Reflect.get(found, exportName)
  if (exported === undefined) throw new PathError(path, missingExport(found, exportName))
  const net = await withFile(path, () => make(exported, library))
  if (!(net instanceof library.Module)) {
    throw new PathError(
      path,
      `its export '${exportName}' is no Module of the ${PACKAGE} it imports, no class of one and no function that gives one`
    )
  }
  return { net, library, inputShape: shapeOf(path, Reflect.get(found, 'inputShape')) }
}

/**
 * Runs something on a user's network; whatever goes wrong in it is told as a fault of the file.
 * @throws PathError
 */
export async function withFile<R>(path: string, run: () => R | Promise<R>): Promise<R> {
  try {
    return await run()
  } catch (cause) {
    if (cause instanceof PathError) throw cause
    throw new PathError(path, cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), {
      cause
    })
  }
}

/** The package as that file's imports find it: what makes its classes the network's own. */
async function libraryOf(path: string, file: string): Promise<Library> {
  const url = (() => {
    try {
      return pathToFileURL(createRequire(file).resolve(PACKAGE)).href
    } catch (cause) {
      throw new PathError(
        path,
        `${PACKAGE} is not installed where this file is: run npm install ${PACKAGE} there`,
        {
          cause
        }
      )
    }
  })()
  const root = (await withFile(path, () => import(url))) as object
  // An older one has no such part, and is told so by what it lacks.
  const part = (await import(new URL('./api/inspect.js', url).href).catch(() => ({}))) as object
  const found = { ...root, ...part }
  const missing = missingParts(found)
  if (missing.length > 0) {
    throw new PathError(
      path,
      `it imports another version of ${PACKAGE}, which lacks ${missing.join(', ')}: update it`
    )
  }
  return found as Library
}

async function importFile(path: string, file: string): Promise<object> {
  return withFile(path, async () => {
    try {
      return (await import(pathToFileURL(file).href)) as object
    } catch (cause) {
      if (!(cause instanceof Error) || Reflect.get(cause, 'code') !== 'ERR_UNKNOWN_FILE_EXTENSION')
        throw cause
      const fault = `Node ${process.versions.node} cannot load ${extname(file)} files`
      throw new PathError(path, `${fault}: compile it to JavaScript, or run the command with tsx`, { cause })
    }
  })
}

async function make(exported: unknown, library: Library): Promise<unknown> {
  // A module is a function, too: it can be called.
  if (typeof exported !== 'function' || exported instanceof library.Module) return exported
  if (exported.prototype instanceof library.Module) return Reflect.construct(exported, []) as unknown
  // A class of something else cannot be called; what it is no instance of is said by whoever asked.
  if (/^class\b/.test(Function.prototype.toString.call(exported))) return exported
  return (await Reflect.apply(exported, undefined, [])) as unknown
}

function missingExport(found: object, name: string): string {
  const names = Object.keys(found).filter(each => each !== 'inputShape')
  const others = names.length > 0 ? `; it has ${names.join(', ')} (--export chooses one)` : ' nor any other'
  return name === 'default' ? `has no default export${others}` : `has no export '${name}'${others}`
}

function shapeOf(path: string, exported: unknown): Shape | undefined {
  if (exported === undefined) return undefined
  const isDim = (dim: unknown, axis: number): boolean =>
    (dim === 'N' && axis === 0) || (typeof dim === 'number' && Number.isSafeInteger(dim) && dim > 0)
  if (Array.isArray(exported) && exported.length > 0 && exported.every(isDim)) return exported as Shape
  throw new PathError(path, 'its inputShape should be sizes with the batch first, such as [1, 3, 224, 224]')
}
