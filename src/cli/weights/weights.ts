// `resnet weights`: what is in a file of weights.
import type { Command } from 'commander'
import type { WeightsOptions } from './weights-run.js'

export function addWeights(program: Command): void {
  program
    .command('weights')
    .description('show what is in a file of weights, whose names it has, and which models it fits')
    .argument('<file>', 'a file, an address, or hf:owner/name')
    .option(
      '--entry <keys>',
      'where the weights are in it, keys joined by dots (default: where they are found)'
    )
    .option('--dialect <name>', 'whose names its tensors have, such as hf (default: recognised)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet weights checkpoint.pth.tar\n  $ resnet weights hf:timm/resnet50.a1_in1k --json'
    )
    .action(async (file: string, options: WeightsOptions) =>
      (await import('./weights-run.js')).weights(file, options)
    )
}
