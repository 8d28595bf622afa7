import type { Command } from 'commander'
import type { ListOptions } from './list-run.js'

export function addList(program: Command): void {
  program
    .command('list')
    .description(
      'list the models, with parameters, multiply-adds (at 224 × 224, of the CIFAR networks at 32 × 32) and published accuracy'
    )
    .option('--all', "also timm's other residual networks")
    .option(
      '--tags [model]',
      "timm's pretrained networks instead, of all models or one: size of the pictures, classes and licence"
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ resnet list --json\n  $ resnet list --tags resnet50')
    .action(async (options: ListOptions) => (await import('./list-run.js')).list(options))
}
