import type { Command } from 'commander'
import { INPUT_SHAPE, parseInputShape, parseNames, wholeNumber } from '../parse-options.js'
import type { CompareOptions } from './compare-run.js'

const ARGUMENT =
  'a name that `resnet list` shows, a JavaScript file that exports a network (./my-net.mjs), or a checkpoint'

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('put two networks side by side: layers, parameters, multiply-adds, memory, time on the CPU')
    .argument('<model>', ARGUMENT)
    .argument(
      '[model-b]',
      'the other; ratios are its figures over those of <model>; left out with --checkpoint'
    )
    .option('--checkpoint <file>', "the other network: what `resnet train` wrote, or 'digits'")
    .option('--input <shape>', INPUT_SHAPE, parseInputShape)
    .option(
      '--weights <files>',
      "weights to read the numbers of outputs off: one file for both, or a's,b's",
      parseNames
    )
    .option(
      '--num-classes <n>',
      'outputs of the network (default: 1000, or 10 for the CIFAR networks)',
      wholeNumber(1)
    )
    .option(
      '--export <names>',
      "which exports of the files are the networks: one for both, or a's,b's",
      parseNames
    )
    .option('--runs <n>', 'measured runs of each', wholeNumber(1), 20)
    .option('--no-latency', 'measure nothing')
    .option('--json', 'print JSON')
    .option('--out <file>', 'write a page (.html) too')
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet compare resnet18 resnet50\n  $ resnet compare resnet18 ./my-net.mjs --input 1,3,224,224 --no-latency'
    )
    .action(async (a: string, b: string | undefined, options: CompareOptions) =>
      (await import('./compare-run.js')).compare(a, b, options)
    )
}
