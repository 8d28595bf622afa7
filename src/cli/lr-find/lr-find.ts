import { numberOf, wholeNumber } from '../parse-options.js'
import type { Command } from 'commander'
import { addData, addSteps, DATA_ARGUMENT } from '../data/data-options.js'
import type { LrFindOptions } from './lr-find-run.js'

export function addLrFind(program: Command): void {
  const command = program
    .command('lr-find')
    .description(
      'raise the learning rate step by step until training breaks down, and say which one to begin with'
    )
    .argument('<data>', DATA_ARGUMENT)
    .option('--from <rate>', 'the first rate', numberOf(Number.MIN_VALUE), 1e-5)
    .option('--to <rate>', 'the last rate', numberOf(Number.MIN_VALUE), 10)
    .option('--steps <n>', 'how many rates to try', wholeNumber(2), 100)
  addSteps(addData(command))
    .option('--json', 'print every rate and loss as JSON')
    .addHelpText('after', '\nExample:\n  $ resnet lr-find digits --model cifar_resnet8 --batch-size 64')
    .action(async (data: string, options: LrFindOptions) =>
      (await import('./lr-find-run.js')).lrFind(data, options)
    )
}
