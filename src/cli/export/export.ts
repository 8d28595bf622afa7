import type { Command } from 'commander'
import type { Shape } from '../../ir/shape.js'
import { addModelArgument, inputOf, openChosen, withModel, type NetworkChoice } from '../network-options.js'
import { parseInputShape } from '../parse-options.js'

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
  const { exportOnnx } = await import('../../compile/export-onnx.js')
  const opened = await openChosen(withModel(model, choice), 'apply', { input })
  const [batch, ...rest] = inputOf(opened, { input })
  await writeFileAtomic(out, [exportOnnx(opened.net, { input: [input ? batch : 'N', ...rest] })])
}
