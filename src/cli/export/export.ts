import type { Command } from 'commander'
import { addModelArgument } from '../network-options.js'
import { parseInputShape, parseOpset } from '../parse-options.js'
import type { ExportOptions } from './export-run.js'

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('write a model with its weights as ONNX: input x, output logits')
    .requiredOption('--out <file>', 'where to write the .onnx file')
    .option('--input <shape>', "the input's shape; N, the default batch, leaves it open", parseInputShape)
    .option('--opset <version>', "ONNX's operator set: 17 (default), 18 or 20", parseOpset)
  addModelArgument(command, { use: 'apply' })
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet export resnet18 --weights w.pth --out resnet18.onnx\n  $ resnet export --checkpoint runs/resnet18/best.safetensors --out mine.onnx'
    )
    .action(async (model: string | undefined, options: ExportOptions) =>
      (await import('./export-run.js')).exportModel(model, options)
    )
}
