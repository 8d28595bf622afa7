// `resnet init`: seeded weights, equal to torch's for the same seed.
import type { Command } from 'commander'
import { anyInteger, wholeNumber } from '../parse-options.js'
import type { InitOptions } from './init-run.js'

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write the weights a model starts with')
    .argument('<model>', 'a name that `resnet list` shows')
    .option('--seed <n>', 'as torch.manual_seed', anyInteger, 0)
    .requiredOption('--out <file>', 'where to write: .safetensors or .pth')
    .option(
      '--num-classes <n>',
      'outputs of the network (default: 1000, or 10 for the CIFAR networks)',
      wholeNumber(1)
    )
    .addHelpText('after', '\nExample:\n  $ resnet init resnet18 --seed 0 --out resnet18.safetensors')
    .action(async (model: string, options: InitOptions) =>
      (await import('./init-run.js')).init(model, options)
    )
}
