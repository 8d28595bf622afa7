import type { Command } from 'commander'
import type { ListOptions } from './list-run.js'

export function addList(program: Command): void {
  program
    .command('list')
    .description(
      'list the models, with parameters, multiply-adds (at 224 × 224, of the CIFAR networks at 32 × 32) and published accuracy'
    )
    .option('--all', "also timm's other residual networks")
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ resnet list --json')
    .action(async (options: ListOptions) => (await import('./list-run.js')).list(options))
}
