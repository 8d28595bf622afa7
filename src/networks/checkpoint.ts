// Reads checkpoints: `.safetensors` files whose metadata describes their network. All fields are validated, and nothing
// they name is executed.
import {
  aBoolean,
  anyInteger,
  finiteNumber,
  numberBetween,
  oneOf,
  wholeNumber,
  anObject
} from '../base/options.js'
import {
  checkedBy,
  list,
  optional,
  partOf,
  plainText,
  propertiesOf,
  readJson,
  SchemaError
} from '../base/schema.js'
import { ImageError } from '../images/picture.js'
import { ASSUMED_OPTIONS, type Arithmetic } from '../models/arithmetic.js'
import { readTransforms, type Transform } from '../images/pipeline/transforms.js'
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
  /** What its weights cannot tell, where it is not as usual. */
  readonly arithmetic?: Arithmetic
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
  /** A name for each output; for a single one, which says yes or no, that of the first class may come before. */
  readonly classes: readonly string[]
  /** Whether an image may have several labels at once: then the sigmoid of each output is its probability. Default false. */
  readonly multiLabel?: boolean
  /** The evaluation transforms. */
  readonly transforms: readonly Transform[]
  /** The training data, without the part held back. */
  readonly data?: {
    readonly path: string
    /** The number of images; older checkpoints lack it. */
    readonly images?: number
    readonly holdBack: number
    readonly seed: number
  }
}

/** A checkpoint's content. */
export interface SavedNetwork {
  readonly network: CheckpointNetwork
  /** The network's tensors and the trainer's. */
  readonly tensors: StateDict
  /** The run's progress, which `readCheckpoint` validates. */
  readonly progress: unknown
}

export const aCheckpoint = anObject<SavedNetwork>('a checkpoint, as readCheckpoint gives it', 'tensors')

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
 * @param onNote called with a sentence on how its weights were read.
 * @throws CheckpointError when the file has weights but no description of their network.
 * @throws WeightsError when it cannot be read.
 */
export async function readSavedNetwork(
  path: FilePath,
  onNote?: (note: string) => void
): Promise<SavedNetwork> {
  const name = fileName(path)
  const describe = (texts: ReadonlyMap<string, string>): Omit<SavedNetwork, 'tensors'> => {
    const found = descriptionIn(name, texts)
    if (found) return found
    const remedy = 'name the model, and give the file as its weights'
    throw new CheckpointError(name, `holds weights, but not which model they are of; ${remedy}`)
  }
  const { metadata, tensors } = await readWithMetadata(path, describe, {
    onNote: note => onNote?.(`${name}: ${note}`)
  })
  return { ...metadata, tensors }
}

export function foreignCheckpoint(path: string, fault?: string): CheckpointError {
  const what = 'was not written by this version of the package'
  return new CheckpointError(path, fault === undefined ? what : `${what}: ${fault}`)
}

/** The parts of a description of which an exported ONNX file has a text each. */
const PARTS = ['model', 'options', 'classes', 'transforms', 'multiLabel'] as const

/** A network's description as texts by name, each JSON: for whoever runs an exported file, and for what reads it here. */
export function describedInParts(
  network: Partial<Pick<CheckpointNetwork, (typeof PARTS)[number]>>
): Record<string, string> {
  const known = PARTS.filter(part => network[part] !== undefined)
  return Object.fromEntries(known.map(part => [keyOf(part), JSON.stringify(network[part])]))
}

function keyOf(part: string): string {
  return `${METADATA_KEY}.${part}`
}

/** @throws SchemaError when one is no JSON. */
function partsIn(texts: ReadonlyMap<string, string>): object | undefined {
  // Without the options of its network, it says only what prepares pictures, and is no checkpoint.
  if (!texts.has(keyOf('options'))) return undefined
  const found = PARTS.flatMap(part => {
    const text = texts.get(keyOf(part))
    return text === undefined ? [] : [[part, readJson(text, part, value => value)] as const]
  })
  return { classes: [], ...Object.fromEntries(found) }
}

/** The description of a network in a file's metadata, if any. @throws CheckpointError when it is invalid. */
export function descriptionIn(
  path: string,
  texts: ReadonlyMap<string, string>
): Omit<SavedNetwork, 'tensors'> | undefined {
  const text = texts.get(METADATA_KEY)
  try {
    if (text === undefined) {
      const parts = partsIn(texts)
      return parts && { network: readNetwork(parts, 'network'), progress: undefined }
    }
    const about = readJson(text, 'it', propertiesOf)
    if (about.get('version') !== CHECKPOINT_VERSION) throw foreignCheckpoint(path)
    return { network: readNetwork(about.get('network'), 'network'), progress: about.get('progress') }
  } catch (error) {
    if (error instanceof ImageError) throw new CheckpointError(path, error.message, { cause: error })
    throw error instanceof SchemaError ? foreignCheckpoint(path, error.message) : error
  }
}

const MOST_CLASSES = 2 ** 20
const text = plainText(4096)

const readArithmetic = partOf<Arithmetic>({
  strideIn1x1: optional(checkedBy(ASSUMED_OPTIONS.strideIn1x1)),
  eps: optional(checkedBy(ASSUMED_OPTIONS.eps)),
  replaceStrideWithDilation: optional((value, path) => {
    const [second, third, fourth] = list(checkedBy(aBoolean), 3, 3)(value, path)
    return [second, third, fourth] as const
  }),
  activatesShortcut: optional(checkedBy(ASSUMED_OPTIONS.activatesShortcut))
})

/** Checks and copies what a checkpoint says of its network: what is written is what can be read. */
export const readNetwork = partOf<CheckpointNetwork>({
  model: text,
  file: optional(partOf<NetworkFile>({ path: text, export: text, sha256: text })),
  options: partOf<NetworkForm>({
    numClasses: checkedBy(wholeNumber(1, MOST_CLASSES)),
    inChannels: checkedBy(oneOf(1, 3)),
    residual: checkedBy(aBoolean),
    skip: optional(text),
    gateBias: optional(checkedBy(finiteNumber)),
    arithmetic: optional(readArithmetic)
  }),
  classes: list(text, 0, MOST_CLASSES),
  multiLabel: optional(checkedBy(aBoolean)),
  transforms: (value, path) => readTransforms(value, path).steps,
  data: optional(
    partOf<NonNullable<CheckpointNetwork['data']>>({
      path: text,
      images: optional(checkedBy(wholeNumber(0))),
      holdBack: checkedBy(numberBetween(0, 1)),
      seed: checkedBy(anyInteger)
    })
  )
})
