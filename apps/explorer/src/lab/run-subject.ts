// The network that is to be run, and how pictures become its input: the one that comes with the library, a model with
// the weights of a file, or a model as it is before training.
import {
  openNetwork,
  readWeights,
  type Module,
  type OpenedNetwork,
  type StateDict,
  type Tensor
} from 'resnet-ts'
import { lastSpatialLayer, spatialLayers } from 'resnet-ts/explain'
import type { Picture } from 'resnet-ts/images'
import { classNames, modelsFitting, NetworkError, tellsTwoClasses } from 'resnet-ts/models'
import { trace } from 'resnet-ts/nn'
import { CheckpointError, DIGITS_CHECKPOINT, networkTensors } from 'resnet-ts/train'
import { Failure } from './run-faults.js'

/** The name under which the network that comes with the library stands beside the models. */
export const BUNDLED = 'digits'

/** Milliseconds after which others are let in. */
const PATIENCE = 50

/** What to open. */
export interface SubjectRequest {
  /** A model's name, or that of the bundled network. */
  readonly model: string
  /** Weights; without them the network is untrained, drawn from seed 0. */
  readonly weights?: File
}

/** A network and all that is known of it. */
export interface Subject {
  /** The model's name, or that of the bundled network. */
  readonly name: string
  readonly net: Module
  /** Of a batch: ['N', C, H, W]. */
  readonly input: readonly ['N', ...number[]]
  readonly prepare: (image: Picture) => Tensor<'float32'>
  /** What the network sees of a picture, before it becomes floats. */
  readonly crop: (image: Picture) => Picture
  /** A name for each class. */
  readonly classes: readonly string[]
  /** Whether a picture may have several labels at once, each with a probability of its own. */
  readonly multiLabel: boolean
  /** Whether the classes are two that a single output tells apart. */
  readonly twoClasses: boolean
  /** Whose weights these are: a file's name; nothing where they are untrained or come with the library. */
  readonly weights: string | undefined
  readonly isTrained: boolean
  readonly layers: readonly { readonly name: string; readonly shape: readonly number[] }[]
  /** Where a network knows most and still says where. */
  readonly lastLayer: string
}

/** What is being done while a network is opened. */
export type OpeningStage = 'reading' | 'building' | 'starting'

/** Hears what is being done, and how much of it is done, 0 … 1, where that is known. May throw to end it. */
export type OnStage = (stage: OpeningStage, share?: number) => Promise<void>

/**
 * Opens a network.
 * @throws WeightsError when the file cannot be read, Failure when it is another model's.
 */
export async function openSubject({ model, weights }: SubjectRequest, onStage: OnStage): Promise<Subject> {
  await onStage('reading')
  if (weights) return ofFile(weights, model, onStage)
  if (model === BUNDLED) {
    const opened = await openNetwork(DIGITS_CHECKPOINT)
    return subjectOf(opened, { name: BUNDLED, weights: undefined, isTrained: true })
  }
  // The order of building is the order of drawing, so that seed 0 means here what it means anywhere.
  const opened = await openNetwork(model, { seed: 0 })
  await drawAll(opened.net, onStage)
  return subjectOf(opened, { name: model, weights: undefined, isTrained: false })
}

async function ofFile(weights: File, model: string, onStage: OnStage): Promise<Subject> {
  const origin = { weights: weights.name, isTrained: true }
  const checkpoint = await openNetwork(weights).catch((error: unknown) => {
    // Weights that do not say what they are of; whatever else is wrong with them, reading them tells.
    if (error instanceof CheckpointError) return undefined
    throw error
  })
  if (checkpoint) return subjectOf(checkpoint, { name: checkpoint.model, ...origin })
  const tensors = networkTensors(await readWeights(weights))
  await onStage('building')
  // The bundled network has its weights, so the file decides what is meant.
  const [fitting] = model === BUNDLED ? modelsFitting(tensors) : [model]
  if (fitting === undefined) throw new Failure(otherModel(model, tensors, ''))
  try {
    const opened = await openNetwork(fitting, { weights: tensors })
    // A backbone's weights leave the classifier untrained, and so the answers.
    return subjectOf(opened, { name: fitting, ...origin, isTrained: !opened.isHeadless })
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    const { cause } = error
    throw new Failure(otherModel(model, tensors, cause instanceof Error ? cause.message : error.fault))
  }
}

function otherModel(model: string, tensors: StateDict, detail: string): Failure['fault'] {
  const names = [...tensors].map(([name, { shape }]) => `  ${name} [${shape.join(', ')}]`)
  const found = detail === '' ? `The file's tensors:\n${names.join('\n')}` : detail
  return { kind: 'other-model', model, fits: modelsFitting(tensors), detail: found }
}

/** Draws the weights part by part, so that others are heard meanwhile. */
async function drawAll(net: Module, onStage: OnStage): Promise<void> {
  const parameters = [...net.parameters()]
  const total = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  let [drawn, told] = [0, 0]
  for (const parameter of parameters) {
    if (performance.now() - told > PATIENCE) {
      await onStage('building', drawn / total)
      told = performance.now()
    }
    drawn += parameter.data.size
  }
}

function subjectOf(
  { net, shape = [], prepare, crop, classes: labels, multiLabel = false }: OpenedNetwork,
  about: Pick<Subject, 'name' | 'weights' | 'isTrained'>
): Subject {
  const input = ['N', ...shape] as const
  const layers = spatialLayers(net, input).map(layer => ({
    name: layer.name,
    shape: layer.shape.filter(dim => dim !== 'N')
  }))
  const [output] = trace(net, input).graph.outputs
  const outputs = Number(output.value.shape[1])
  const twoClasses = tellsTwoClasses(outputs, labels)
  const count = twoClasses ? 2 : outputs
  const nameOf = classNames(count, labels)
  const classes = Array.from({ length: count }, (_, index) => nameOf(index))
  const lastLayer = lastSpatialLayer(net, input)
  return {
    ...about,
    net: net.eval(),
    input,
    prepare,
    crop,
    layers,
    lastLayer,
    classes,
    multiLabel,
    twoClasses
  }
}
