// Reads checkpoints: `.safetensors` files whose metadata describes their network. All fields are validated, and nothing
// they name is executed.
import { ImageError } from '../images/picture.js'
import { readPipeline, type Transform } from '../images/pipeline/pipeline.js'
import type { StateDict } from '../tensor/state-dict.js'
import { readWithMetadata } from '../weights/read-weights.js'
import { fileName, type FilePath } from '#platform'
import { CheckpointError } from './network-error.js'

/** A network's options. */
export interface NetworkForm {
  readonly numClasses: number
  readonly inChannels: 1 | 3
  readonly residual: boolean
  /** The shortcuts; undefined for the identity. */
  readonly skip?: string
  /** The initial gate bias, if given. */
  readonly gateBias?: number
}

/** The JavaScript file that defines a network. */
export interface NetworkFile {
  /** Relative to the checkpoint's folder, with forward slashes. */
  readonly path: string
  readonly export: string
  /** SHA-256 of the file, in hex digits. */
  readonly sha256: string
}

/** A checkpoint's network and its preparation of images. */
export interface CheckpointNetwork {
  /** A name from the registry, or a file's name. */
  readonly model: string
  /** For networks that are not in the registry. */
  readonly file?: NetworkFile
  readonly options: NetworkForm
  /** A name for each output. */
  readonly classes: readonly string[]
  /** The evaluation transforms. */
  readonly transforms: readonly Transform[]
  /** The training data, without the part held back. */
  readonly data?: { readonly path: string; readonly holdBack: number; readonly seed: number }
}

/** A checkpoint's content. */
export interface SavedNetwork {
  readonly network: CheckpointNetwork
  /** The network's tensors and the trainer's. */
  readonly tensors: StateDict
  /** The run's progress, unvalidated. */
  readonly progress: unknown
}

/** The metadata key. */
export const METADATA_KEY = 'resnet-ts'
export const CHECKPOINT_VERSION = 1

/**
 * The bundled checkpoint, a small network for the bundled digits: 99.2 % of those held back, none of which it was trained
 * on. Written by `resnet train digits --model cifar_resnet20 --epochs 7 --batch-size 32 --schedule onecycle`.
 */
// Two folders up, from here as from the bundled command line.
export const DIGITS_CHECKPOINT = new URL('../../assets/digits-resnet20.safetensors', import.meta.url)

/**
 * Reads a checkpoint through one open file, consistent even if it is replaced meanwhile.
 * @throws CheckpointError when the file has weights but no description of their network.
 * @throws WeightsError when it cannot be read.
 */
export async function readSavedNetwork(path: FilePath): Promise<SavedNetwork> {
  const { metadata, tensors } = await readWithMetadata(path, texts => parse(path, texts.get(METADATA_KEY)))
  return { ...metadata, tensors }
}

/** The error for a description of another version. */
export function foreignCheckpoint(path: FilePath): CheckpointError {
  return new CheckpointError(fileName(path), 'was not written by this version of the package')
}

function parse(path: FilePath, text: string | undefined): Omit<SavedNetwork, 'tensors'> {
  if (text === undefined) {
    throw new CheckpointError(
      fileName(path),
      'holds weights, but not which model they are of; name the model, and give the file as its weights'
    )
  }
  const about = parseJson(text)
  if (!isRecord(about) || about.version !== CHECKPOINT_VERSION || !isNetwork(about.network)) {
    throw foreignCheckpoint(path)
  }
  const transforms = readTransforms(path, about.network.transforms)
  return { network: { ...about.network, transforms }, progress: about.progress }
}

function readTransforms(path: FilePath, transforms: unknown): readonly Transform[] {
  try {
    return readPipeline(transforms, 'transforms').transforms
  } catch (error) {
    if (!(error instanceof ImageError)) throw error
    throw new CheckpointError(fileName(path), error.message, { cause: error })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Check = (value: unknown) => boolean

const MOST_CLASSES = 2 ** 20
const LONGEST_NAME = 4096

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
// Names are written to terminals, where control characters are commands.
const isText: Check = value =>
  typeof value === 'string' && value.length <= LONGEST_NAME && !/\p{Cc}/u.test(value)
const isBoolean: Check = value => typeof value === 'boolean'
const isNumber: Check = value => typeof value === 'number' && Number.isFinite(value)
const isCount: Check = value => Number.isSafeInteger(value) && Number(value) > 0
const optional = (check: Check): Check => {
  return value => value === undefined || check(value)
}
const listOf = (check: Check, most: number): Check => {
  return value => Array.isArray(value) && value.length <= most && value.every(check)
}
const recordOf = (fields: Readonly<Record<string, Check>>): Check => {
  return value => isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]))
}

/** Unknown fields are ignored. */
const NETWORK = recordOf({
  model: isText,
  file: optional(recordOf({ path: isText, export: isText, sha256: isText })),
  options: recordOf({
    numClasses: value => isCount(value) && Number(value) <= MOST_CLASSES,
    inChannels: value => value === 1 || value === 3,
    residual: isBoolean,
    skip: optional(isText),
    gateBias: optional(isNumber)
  }),
  classes: listOf(isText, MOST_CLASSES),
  data: optional(recordOf({ path: isText, holdBack: isNumber, seed: isNumber }))
})

function isNetwork(value: unknown): value is CheckpointNetwork {
  return NETWORK(value)
}
