// `resnet summary`: a table of a model's layers, and how its name counts them.
import type { Command } from 'commander'
import { addModelArgument } from '../network-options.js'
import { INPUT_SHAPE, parseInputShape } from '../parse-options.js'
import type { SummaryOptions } from './summary-run.js'

export function addSummary(program: Command): void {
  const command = program
    .command('summary')
    .description('show every layer with its output shape, parameters, multiply-adds and memory')
    .option('--input <shape>', INPUT_SHAPE, parseInputShape)
  addModelArgument(command, { use: 'inspect' })
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ resnet summary resnet50 --input 1,3,224,224')
    .action(async (model: string | undefined, options: SummaryOptions) =>
      (await import('./summary-run.js')).summary(model, options)
    )
}
