import { PathError } from '../../base/errors.js'
import { counted } from '../../base/figures.js'
import { exportOnnx, type ExportOptions as FileOptions } from '../../compile/inference.js'
import type { Dim, Shape } from '../../ir/shape.js'
import { IMAGENET_CLASSES } from '../../models/imagenet-classes.js'
import { MODELS } from '../../models/registry.js'
import { describedInParts, type NetworkForm } from '../../networks/checkpoint.js'
import type { OpenedNetwork } from '../../networks/opening.js'
import { traceEvaluation } from '../../nn/trace/trace.js'
import { formatShape } from '../../tensor/tensor.js'
import { sayWritten } from '../terminal/output.js'
import { inputOf, openChosen, withModel, type NetworkChoice } from '../open-chosen.js'
import { writeFileAtomic } from '#platform'

export interface ExportOptions extends NetworkChoice {
  readonly input?: Shape
  readonly out: string
  readonly opset?: FileOptions['opset']
}

export async function exportModel(
  model: string | undefined,
  { input, out, opset, ...choice }: ExportOptions
): Promise<void> {
  if (!/\.onnx$/i.test(out)) throw new PathError(out, 'expected a name that ends in .onnx')
  const opened = await openChosen(withModel(model, choice), 'apply', { input })
  const [batch, ...rest] = inputOf(opened, { input })
  const shape = [input ? batch : 'N', ...rest] as const
  const [, outputs] = traceEvaluation(opened.net, shape).output.shape
  const classes = namesOf(opened, outputs)
  const metadata = aboutOf(opened, shape, outputs, classes)
  const onnx = exportOnnx(opened.net, { input: shape, metadata, ...(opset && { opset }) })
  await writeFileAtomic(out, [onnx])
  const [, ...size] = shape
  const labels = classes === undefined ? '' : `, names of ${counted(classes.length, 'class', 'classes')}`
  await sayWritten(out, `${opened.model} (${opened.origin}), input ${formatShape(size)}${labels}`)
}

/** What whoever runs the file needs to know beside it, as JSON, and what opens it here again as a checkpoint. */
function aboutOf(
  opened: OpenedNetwork,
  [, ...size]: Shape,
  outputs: Dim | undefined,
  classes: readonly string[] | undefined
): Record<string, string> {
  const { model, origin, transforms, multiLabel } = opened
  const options = optionsOf(opened, size, outputs)
  return {
    'resnet-ts.origin': JSON.stringify(origin),
    'resnet-ts.inputSize': JSON.stringify(size),
    ...describedInParts({
      model,
      ...(options && { options }),
      ...(classes && { classes }),
      ...(transforms && { transforms }),
      ...(multiLabel && { multiLabel })
    })
  }
}

/** What a network of the registry was built with; undefined for what a file defines. */
function optionsOf(
  { model, file, form, transforms }: OpenedNetwork,
  [inChannels]: Shape,
  numClasses: Dim | undefined
): NetworkForm | undefined {
  const isKnown = !file && Object.hasOwn(MODELS, model) && transforms !== undefined
  if (!isKnown || typeof numClasses !== 'number' || (inChannels !== 1 && inChannels !== 3)) return undefined
  return { residual: true, ...form, numClasses, inChannels }
}

/** The network's own names, or ImageNet's where published weights tell its classes apart. */
function namesOf({ classes }: OpenedNetwork, outputs: Dim | undefined): readonly string[] | undefined {
  return classes ?? (outputs === IMAGENET_CLASSES.length ? IMAGENET_CLASSES : undefined)
}
