import { PathError } from '../../base/errors.js'
import { exportOnnx } from '../../compile/inference.js'
import type { Shape } from '../../ir/shape.js'
import type { OpenedNetwork } from '../../networks/opening.js'
import { inputOf, openChosen, withModel, type NetworkChoice } from '../open-chosen.js'
import { writeFileAtomic } from '#platform'

export interface ExportOptions extends NetworkChoice {
  readonly input?: Shape
  readonly out: string
}

export async function exportModel(
  model: string | undefined,
  { input, out, ...choice }: ExportOptions
): Promise<void> {
  if (!/\.onnx$/i.test(out)) throw new PathError(out, 'expected a name that ends in .onnx')
  const opened = await openChosen(withModel(model, choice), 'apply', { input })
  const [batch, ...rest] = inputOf(opened, { input })
  const onnx = exportOnnx(opened.net, { input: [input ? batch : 'N', ...rest], metadata: aboutOf(opened) })
  await writeFileAtomic(out, [onnx])
}

/** What whoever runs the file needs to know beside it, as JSON. */
function aboutOf({ transforms, classes }: OpenedNetwork): Record<string, string> {
  return {
    ...(transforms && { 'resnet-ts.transforms': JSON.stringify(transforms) }),
    ...(classes && { 'resnet-ts.classes': JSON.stringify(classes) })
  }
}
