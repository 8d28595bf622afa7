// Opens a network exported by a user's JavaScript file. This runs the file, so the user must have named it.
import { counted } from '../base/figures.js'
import { PathError } from '../base/errors.js'
import { faultOf } from '../base/kinds.js'
import { ImageError } from '../images/picture.js'
import { readTransforms } from '../images/pipeline/transforms.js'
import type { Shape } from '../ir/shape.js'
import { plainTwin } from '../nn/rewrite/plain.js'
import { Module } from '../nn/module/module.js'
import { traceEvaluation } from '../nn/trace/trace.js'
import { fileName, importModule, readFile, Sha256 } from '#platform'
import { make, outputsOf } from './build-network.js'
import type { NetworkFile } from './checkpoint.js'
import { NetworkError } from './network-error.js'
import type { OpenNetworkOptions } from './opening.js'
import { prepared, usualFor, type Preparation } from './prepare.js'

export interface FileNetwork {
  readonly net: Module
  readonly file: NetworkFile
  readonly input: Shape | undefined
  readonly classes: readonly string[] | undefined
  readonly preparation: Preparation | undefined
}

/** No code is as long, not even with weights in it. */
const MAX_CODE = 2 ** 28

export async function digestOf(source: string | URL): Promise<string> {
  return new Sha256().update(await readFile(source, { maxBytes: MAX_CODE })).digest()
}

/**
 * Runs a file and builds the network that it exports: a Module, a class, or a function that returns one. Also reads its
 * `inputShape`, `classes` and `transforms`.
 * @throws PathError naming the fault in the file.
 */
export async function openFile(source: string | URL, options: OpenNetworkOptions): Promise<FileNetwork> {
  const path = fileName(source)
  const sha256 = await digestOf(source)
  const { export: exportName = 'default', residual = true } = options
  const found: unknown = await inFile(path, () => importModule(source))
  if (typeof found !== 'object' || found === null) {
    throw new PathError(path, "its export 'then' makes a promise of the file, which cannot be: rename it")
  }
  // Reading what the file exports may run its code, too.
  return inFile(path, () => networkOf(path, found, { ...options, export: exportName, residual }, sha256))
}

async function networkOf(
  path: string,
  found: object,
  options: OpenNetworkOptions & { readonly export: string },
  sha256: string
): Promise<FileNetwork> {
  const { export: exportName, residual } = options
  const exported: unknown = Reflect.get(found, exportName)
  if (exported === undefined) throw missingExport(path, found, exportName)
  const made = await make(exported, options)
  if (!(made instanceof Module)) {
    const expected = 'Module of the resnet-ts that opens it, no class of one and no function that returns one'
    throw new PathError(path, `its export '${exportName}' is no ${expected}`)
  }
  const exportedShape = shapeIn(path, Reflect.get(found, 'inputShape'))
  // What is built for the channels that are asked for takes images of so many.
  const input = options.input ?? (made === exported ? exportedShape : withChannels(exportedShape, options))
  const net = residual ? made : plainTwin(made, input ? { input } : {})
  // Errors of the user's `forward` show here and are reported as the file's.
  const output = input && traceEvaluation(net, input).output.shape
  assertOutputs(path, output?.at(-1) ?? outputsOf(net), options.numClasses)
  const classes = namesIn(path, Reflect.get(found, 'classes'))
  const preparation = input && preparationFor(path, input, Reflect.get(found, 'transforms'))
  return { net, file: { path, export: exportName, sha256 }, input, classes, preparation }
}

async function inFile<R>(path: string, run: () => R | Promise<R>): Promise<R> {
  try {
    return await run()
  } catch (cause) {
    throw cause instanceof PathError ? cause : new PathError(path, faultOf(cause), { cause })
  }
}

function missingExport(path: string, found: object, name: string): NetworkError {
  const names = Object.keys(found).filter(each => !['inputShape', 'classes', 'transforms'].includes(each))
  const others =
    names.length > 0 ? `; it has ${names.join(', ')}; the option export chooses one` : ' nor any other'
  const missing = name === 'default' ? 'default export' : `export '${name}'`
  const fault = `has no ${missing}${others}`
  return new NetworkError(path, fault, undefined, undefined, undefined, names[0])
}

function assertOutputs(path: string, found: number | 'N' | undefined, wanted: number | undefined): void {
  if (wanted === undefined || found === wanted) return
  const remedy = `export a function or class that takes { numClasses, inChannels }`
  const fault = `its network has ${typeof found === 'number' ? counted(found, 'output', 'outputs') : 'no outputs'}, not ${wanted}, one for each class; ${remedy}`
  throw new PathError(path, fault)
}

function withChannels(shape: Shape | undefined, { inChannels }: OpenNetworkOptions): Shape | undefined {
  if (shape?.length !== 4 || inChannels === undefined) return shape
  return [shape[0], inChannels, ...shape.slice(2)]
}

function shapeIn(path: string, exported: unknown): Shape | undefined {
  if (exported === undefined) return undefined
  const isDim = (dim: unknown, axis: number): boolean =>
    (dim === 'N' && axis === 0) || (typeof dim === 'number' && Number.isSafeInteger(dim) && dim > 0)
  if (Array.isArray(exported) && exported.length > 0 && exported.every(isDim)) return exported as Shape
  throw new PathError(path, 'its inputShape should be sizes with the batch first, such as [1, 3, 224, 224]')
}

function namesIn(path: string, exported: unknown): readonly string[] | undefined {
  if (exported === undefined) return undefined
  if (Array.isArray(exported) && exported.every(name => typeof name === 'string')) return exported
  throw new PathError(path, 'its classes should be a list of names')
}

/** Undefined for networks without picture input. */
function preparationFor(path: string, input: Shape, exported: unknown): Preparation | undefined {
  const usual = usualFor(input)
  if (exported === undefined || !usual) return usual
  try {
    const steps = Array.isArray(exported) ? readTransforms(exported, 'transforms').steps : undefined
    const own = steps && prepared(steps, input[1] === 1 ? 1 : 3)
    if (own?.shape.join() === usual.shape.join()) return own
  } catch (error) {
    throw error instanceof ImageError ? new PathError(path, error.message, { cause: error }) : error
  }
  const expected = `a list of steps that make ${usual.shape.join(' × ')} of a picture`
  throw new PathError(path, `its transforms should be ${expected}`)
}
