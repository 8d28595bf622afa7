import type { Command } from 'commander'
import type { Shape } from '../../ir/shape.js'
import { addModelArgument, inputOf, openChosen, withModel, type NetworkChoice } from '../network-options.js'
import { parseInputShape } from '../parse-options.js'
import type { OpenedNetwork } from '../../networks/opening.js'

interface Options extends NetworkChoice {
  readonly input?: Shape
  readonly out: string
}

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('write a model with its weights as ONNX: input x, output logits')
    .requiredOption('--out <file>', 'where to write the .onnx file')
    .option('--input <shape>', "the input's shape; N, the default batch, leaves it open", parseInputShape)
  addModelArgument(command, { use: 'apply' })
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet export resnet18 --weights w.pth --out resnet18.onnx\n  $ resnet export --checkpoint runs/resnet18/best.safetensors --out mine.onnx'
    )
    .action(exportModel)
}

async function exportModel(model: string | undefined, { input, out, ...choice }: Options): Promise<void> {
  const { writeFileAtomic } = await import('#platform')
  const { PathError } = await import('../../base/errors.js')
  if (!/\.onnx$/i.test(out)) throw new PathError(out, 'expected a name that ends in .onnx')
  const { exportOnnx } = await import('../../compile/inference.js')
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
