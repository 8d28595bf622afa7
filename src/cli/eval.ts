// `resnet eval`: how well a trained network does on images.
import { Option, type Command } from 'commander'
import { addReading, DATA_ARGUMENT } from './training/declare-options.js'
import type { EvalOptions } from './training/eval-run.js'

/** Declares the command. */
export function addEval(program: Command): void {
  const command = program
    .command('eval')
    .description('measure how well a trained network does on images')
    .argument('<data>', DATA_ARGUMENT)
    .requiredOption(
      '--checkpoint <file>',
      "what `resnet train` wrote, or 'digits' for the network that ships"
    )
    .addOption(
      new Option(
        '--part <part>',
        'which images: those for validation, those for training, or all (default: validation where the data brings such images or the network was trained on this data, else all)'
      ).choices(['validation', 'train', 'all'])
    )
  addReading(command)
    .option('--json', 'print JSON, with the confusion matrix')
    .addHelpText(
      'after',
      '\nExample:\n  $ resnet eval digits --checkpoint runs/cifar_resnet8/best.safetensors'
    )
    .action(async (data: string, options: EvalOptions) => {
      const { evaluateCheckpoint } = await import('./training/eval-run.js')
      await evaluateCheckpoint(data, options)
    })
}
