import type { Command } from 'commander'
import { addModelArgument } from '../network-options.js'
import { deviceOption, parseNames } from '../parse-options.js'
import type { RunOptions } from './run-run.js'

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description("run a model on a file's tensor `x` and write `logits` and the inner results that are named")
    .requiredOption('--input <file>', 'a file with the tensor x: [N, C, H, W]')
    .requiredOption('--out <file>', 'where to write: .safetensors or .pth')
    .option(
      '--outputs <names>',
      'inner modules whose results are wanted too; relu_1 is the second result of relu',
      parseNames,
      []
    )
  addModelArgument(command, { use: 'apply' })
    .addOption(deviceOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ resnet run resnet18 --weights w.safetensors --input x.safetensors --out y.safetensors --outputs layer1,layer4'
    )
    .action(async (model: string | undefined, options: RunOptions) =>
      (await import('./run-run.js')).run(model, options)
    )
}
