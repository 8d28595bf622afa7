import { PathError } from '../../base/errors.js'
import { counted } from '../../base/figures.js'
import { exportOnnx, type ExportOptions as FileOptions } from '../../compile/inference.js'
import type { Shape } from '../../ir/shape.js'
import { IMAGENET_CLASSES } from '../../models/imagenet-classes.js'
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
  const classes = namesOf(opened, shape)
  const metadata = aboutOf(opened, shape, classes)
  const onnx = exportOnnx(opened.net, { input: shape, metadata, ...(opset && { opset }) })
  await writeFileAtomic(out, [onnx])
  const [, ...size] = shape
  const labels = classes === undefined ? '' : `, names of ${counted(classes.length, 'class', 'classes')}`
  await sayWritten(out, `${opened.model} (${opened.origin}), input ${formatShape(size)}${labels}`)
}

/** What whoever runs the file needs to know beside it, as JSON. */
function aboutOf(
  { model, origin, transforms, multiLabel }: OpenedNetwork,
  [, ...size]: Shape,
  classes: readonly string[] | undefined
): Record<string, string> {
  return {
    'resnet-ts.model': JSON.stringify(model),
    'resnet-ts.origin': JSON.stringify(origin),
    'resnet-ts.inputSize': JSON.stringify(size),
    ...(transforms && { 'resnet-ts.transforms': JSON.stringify(transforms) }),
    ...(classes && { 'resnet-ts.classes': JSON.stringify(classes) }),
    ...(multiLabel && { 'resnet-ts.multiLabel': 'true' })
  }
}

/** The network's own names, or ImageNet's where published weights tell its classes apart. */
function namesOf({ net, classes }: OpenedNetwork, shape: Shape): readonly string[] | undefined {
  if (classes) return classes
  const [, outputs] = traceEvaluation(net, shape).output.shape
  return outputs === IMAGENET_CLASSES.length ? IMAGENET_CLASSES : undefined
}
