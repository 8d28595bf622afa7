// What a checkpoint says of its network, and reading it: a `.safetensors` file whose metadata describes the network that
// its tensors are of. The text comes from a file, so every field is checked and nothing it names is executed.
import { ImageError } from '../images/picture.js'
import { readPipeline } from '../images/pipeline/pipeline-data.js'
import type { Transform } from '../images/pipeline/pipeline.js'
import type { StateDict } from '../tensor/state-dict.js'
import { readWithMetadata } from '../weights/read-weights.js'
import { fileName, type FilePath } from '#platform'
import { CheckpointError } from './network-error.js'

/** What a network is built with. */
export interface NetworkForm {
  readonly numClasses: number
  readonly inChannels: 1 | 3
  readonly residual: boolean
  /** What stands on the shortcuts; absent where it is the identity. */
  readonly skip?: string
  /** What the bias of gates on them started at, where that was given. */
  readonly gateBias?: number
}

/** The JavaScript file that defines a network. */
export interface NetworkFile {
  /** Relative to the checkpoint's folder, with forward slashes. */
  readonly path: string
  readonly export: string
  /** Of the file's bytes, in hex digits. */
  readonly sha256: string
}

/** Which network a checkpoint is of, and how its images are prepared. */
export interface CheckpointNetwork {
  /** A name from the registry; of a network from a file, that file's name. */
  readonly model: string
  /** For networks that are not in the registry. */
  readonly file?: NetworkFile
  readonly options: NetworkForm
  /** A name for each output. */
  readonly classes: readonly string[]
  /** From a picture to the network's input, for evaluation. */
  readonly transforms: readonly Transform[]
  /** What it was trained on; the part held back was not. */
  readonly data?: { readonly path: string; readonly holdBack: number; readonly seed: number }
}

/** What is read of a checkpoint. */
export interface SavedNetwork {
  readonly network: CheckpointNetwork
  /** The network's tensors and the trainer's. */
  readonly tensors: StateDict
  /** Where its training stood, as it was stored. */
  readonly progress: unknown
}

/** The name of the metadata. */
export const METADATA_KEY = 'resnet-ts'
export const CHECKPOINT_VERSION = 1

/**
 * The checkpoint that comes with the package, a small network that reads the bundled digits: 99.2 % of those held back,
 * none of which it was trained on. Written by
 * `resnet train digits --model cifar_resnet20 --epochs 7 --batch-size 32 --schedule onecycle`.
 */
// Two folders up, from here as from the bundled command line.
export const DIGITS_CHECKPOINT = new URL('../../assets/digits-resnet20.safetensors', import.meta.url)

/**
 * Reads a checkpoint, opening the file once: one that is replaced meanwhile is read as it was.
 * @throws CheckpointError when the file holds weights but not what network they are of.
 * @throws WeightsError when it cannot be read.
 */
export async function readSavedNetwork(path: FilePath): Promise<SavedNetwork> {
  const { metadata, tensors } = await readWithMetadata(path, texts => parse(path, texts.get(METADATA_KEY)))
  return { ...metadata, tensors }
}

/** The error for a description that this version cannot read. */
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

/** Fields that are not named here are passed over. */
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
