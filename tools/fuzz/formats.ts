// Every format that the product reads.
import type { Format } from './format.js'
import { CHECKPOINTS } from './formats/checkpoints.js'
import { DATA } from './formats/data.js'
import { HUB } from './formats/hub.js'
import { IMAGES } from './formats/images.js'
import { LABELS } from './formats/labels.js'
import { ONNX } from './formats/onnx.js'
import { RUNS } from './formats/runs.js'
import { WEIGHTS } from './formats/weights.js'

export const FORMATS: readonly Format[] = [
  ...WEIGHTS,
  ...ONNX,
  ...HUB,
  ...IMAGES,
  ...DATA,
  ...CHECKPOINTS,
  ...RUNS,
  ...LABELS
]
