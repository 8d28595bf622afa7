import { Option, type Command } from 'commander'
import { addReading, DATA_ARGUMENT } from '../data/data-options.js'
import { addModelOptions } from '../network-options.js'
import type { EvalOptions } from './eval-run.js'

export function addEval(program: Command): void {
  const command = program
    .command('eval')
    .description('measure how well a trained network does on images')
    .argument('<data>', DATA_ARGUMENT)
  addModelOptions(command, { use: 'apply' }, false).addOption(
    new Option(
      '--part <part>',
      'which images: those for validation, those for training, or all (default: validation where the data brings such images or the network was trained on this data, else all)'
    ).choices(['validation', 'train', 'all'])
  )
  addReading(command)
    .option('--json', 'print JSON, with the confusion matrix')
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet eval digits --checkpoint runs/cifar_resnet8/best.safetensors\n  $ resnet eval imagenet/val --model resnet50 --weights resnet50.pth'
    )
    .action(async (data: string, options: EvalOptions) =>
      (await import('./eval-run.js')).evaluateNetwork(data, options)
    )
}
