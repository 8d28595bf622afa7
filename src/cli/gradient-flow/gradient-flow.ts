// `resnet gradient-flow`: trains twins with and without shortcuts; a page compares their gradients.
import { InvalidArgumentError, type Command } from 'commander'
import { addNetworkOptions } from '../network-options.js'
import { numberOf, parseNames, wholeNumber } from '../parse-options.js'
import { addPictures, addReading, DATA_ARGUMENT } from '../data/data-options.js'
import type { GradientFlowCommand } from './gradient-flow-run.js'

export function addGradientFlow(program: Command): void {
  const command = program
    .command('gradient-flow')
    .description('train networks and their plain twins, and show on a page what shortcuts do to the gradient')
    .argument('[model...]', 'names that `resnet list` shows, or JavaScript files that export networks')
    .option(
      '--depths <list>',
      "depths of the paper's networks for small images, 6n + 2 (default: 8,20,56, if no model is named)",
      parseDepths
    )
    .option('--data <data>', DATA_ARGUMENT, 'digits')
    .option('--out <file>', 'where to write the page (default: gradient-flow.html; with --json none)')
    .option(
      '--epochs <n>',
      'how often to go through the data (default: 10, or as --steps needs)',
      wholeNumber(1)
    )
    .option('--steps <n>', 'end after so many steps', wholeNumber(1))
    .option(
      '--every <n>',
      'look at gradients and blocks every so many steps (default: for 60 looks)',
      wholeNumber(1)
    )
    .option('--zero-init-residual', 'a third network, whose blocks start with F(x) = 0')
    .option('--lr <rate>', 'the highest learning rate of SGD with momentum 0.9', numberOf(0), 0.1)
    .option('--schedule <schedule>', 'how the rate changes, as `resnet train` takes it', 'onecycle')
    .option('--seed <n>', 'of weights, order and augmentation', wholeNumber(0), 0)
  addNetworkOptions(command, { use: 'train', numClasses: "the data's classes" })
  addReading(addPictures(command), { batchSize: 64 })
    .option('--json', 'print all that was recorded as JSON')
    .addHelpText(
      'after',
      `
All networks start from one seed and see the same batches in the same order. Ctrl-C shows what there is so far.

Examples:
  $ resnet gradient-flow --out report.html
  $ resnet gradient-flow cifar_resnet32 --data photos --image-size 32 --zero-init-residual`
    )
    .action(async (models: readonly string[], options: GradientFlowCommand) =>
      (await import('./gradient-flow-run.js')).gradientFlow(models, options)
    )
}

function parseDepths(text: string): number[] {
  const parts = parseNames(text)
  const depths = parts.map(Number)
  const isDepth = (depth: number): boolean => Number.isSafeInteger(depth) && depth >= 8 && depth % 6 === 2
  if (depths.length > 0 && depths.every(isDepth)) return depths
  const wrong = parts.find((_, i) => !isDepth(depths[i]))
  throw new InvalidArgumentError(
    `Expected depths of the form 6n + 2, such as 8,20,56${wrong === undefined ? '' : `; ${wrong} is not`}.`
  )
}
