// Pipelines as plain data, for checkpoints and ONNX files.
import { list, mismatch, propertiesOf, unknownName, type Reader } from '../../base/schema.js'
import { readGrayscale, readRgb } from '../steps/channels.js'
import { readColorJitter } from '../steps/color-jitter.js'
import { readCenterCrop, readRandomCrop } from '../steps/crop.js'
import { readHorizontalFlip, readVerticalFlip } from '../steps/flip.js'
import { asImageError } from '../steps/options.js'
import { readRandAugment } from '../steps/rand-augment.js'
import { readRandomErasing } from '../steps/random-erasing.js'
import { readRandomResizedCrop } from '../steps/random-resized-crop.js'
import { readResize } from '../steps/resize.js'
import { readToTensor } from '../steps/to-tensor.js'
import { makePipeline, type Pipeline, type Transform } from './pipeline.js'

/** A pipeline as data: safe to write as JSON, to clone and to send to a worker thread. */
export type PipelineDescription = readonly Transform[]

const STEPS: Readonly<Record<Transform['name'], Reader<Transform>>> = {
  centerCrop: readCenterCrop,
  colorJitter: readColorJitter,
  grayscale: readGrayscale,
  randAugment: readRandAugment,
  randomCrop: readRandomCrop,
  randomErasing: readRandomErasing,
  randomHorizontalFlip: readHorizontalFlip,
  randomResizedCrop: readRandomResizedCrop,
  randomVerticalFlip: readVerticalFlip,
  resize: readResize,
  rgb: readRgb,
  toTensor: readToTensor
}
const MOST_STEPS = 64

const readSteps = list<Transform>(
  (value, path) => {
    const name = propertiesOf(value, path).get('name')
    if (isStep(name)) return STEPS[name](value, path)
    if (typeof name !== 'string') throw mismatch(`${path}.name`, 'the name of a step', name)
    throw unknownName(`${path}.name`, 'step', name, Object.keys(STEPS))
  },
  1,
  MOST_STEPS
)

function isStep(name: unknown): name is Transform['name'] {
  return typeof name === 'string' && Object.hasOwn(STEPS, name)
}

/**
 * Serialises a pipeline as plain data, for `readPipeline`.
 * @example
 * describePipeline(makePipeline([resize([8, 8]), toTensor()]))[0] // { name: 'resize', size: { width: 8, height: 8 } }
 */
export function describePipeline(pipeline: Pipeline): PipelineDescription {
  return structuredClone(pipeline.transforms)
}

/**
 * Validates untrusted data and makes a pipeline of it: unknown steps and options, wrong types and excessive sizes are
 * rejected.
 * @param path what messages call the data.
 * @throws ImageError with the path in the data, what was expected and what was found.
 * @example
 * const steps = '[{ "name": "resize", "size": 8 }, { "name": "toTensor", "mean": [0.5], "std": [0.25] }]'
 * const prepare = readPipeline(JSON.parse(steps))
 * prepare({ width: 8, height: 8, channels: 1, data: new Uint8Array(64) }).shape // [1, 8, 8]
 */
export function readPipeline(data: unknown, path = 'pipeline'): Pipeline {
  return makePipeline(
    asImageError(() => readSteps(data, path)),
    path
  )
}
