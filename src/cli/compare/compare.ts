import type { Command } from 'commander'
import { PathError, ResnetError } from '../../base/errors.js'
import type { Shape } from '../../ir/shape.js'
import { isScript, type OpenedNetwork } from '../../networks/opening.js'
import { inputOf, openChosen, type NetworkChoice } from '../network-options.js'
import { INPUT_SHAPE, parseInputShape, parseNames, wholeNumber } from '../parse-options.js'
import { print, printJson } from '../terminal/output.js'

interface Options {
  readonly checkpoint?: string
  readonly export?: readonly string[]
  readonly weights?: readonly string[]
  readonly input?: Shape
  readonly numClasses?: number
  readonly runs: number
  readonly latency: boolean
  readonly json?: boolean
  readonly out?: string
}

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
    .action(compare)
}

/** The options of each network. @throws ResnetError when there is no second one. */
export function choicesOf(
  a: string,
  b: string | undefined,
  options: Options
): [NetworkChoice, NetworkChoice] {
  const { checkpoint, numClasses, export: exports = [], weights = [] } = options
  const choice = (model: string | undefined, place: number): NetworkChoice => {
    // Beside a file, options for a model's name do not apply to the file.
    const isFile = model !== undefined && isScript(model)
    return {
      model,
      ...(isFile ? { export: exports[place] ?? exports[0] } : { numClasses }),
      weights: weights[place] ?? weights[0]
    }
  }
  if (checkpoint !== undefined) {
    return [choice(a, 0), { model: b, checkpoint, export: exports[1] ?? exports[0] }]
  }
  if (b !== undefined) return [choice(a, 0), choice(b, 1)]
  throw new ResnetError(`What is ${a} compared with? Name a second network, or give --checkpoint`)
}

async function compare(a: string, b: string | undefined, options: Options): Promise<void> {
  const { writeFileAtomic } = await import('#platform')
  const { compareNetworks } = await import('../../inspect/compare/compare-networks.js')
  const { formatComparison } = await import('../../inspect/compare/network-costs.js')
  const { comparisonHtml } = await import('../../pages/comparison/comparison-html.js')
  const { input, runs, latency, json, out } = options
  if (out !== undefined && !/\.html?$/i.test(out))
    throw new PathError(out, 'expected a name that ends in .html')
  const choices = choicesOf(a, b, options)
  const first = await openChosen(choices[0], 'inspect', { input })
  const second = await openChosen(choices[1], 'inspect', { input })
  const comparison = await compareNetworks(first.net, second.net, {
    input: [inputOf(first, { input }), inputOf(second, { input })],
    names: [nameOf(first), nameOf(second)],
    runs: latency ? runs : 0
  })
  if (out !== undefined) await writeFileAtomic(out, [new TextEncoder().encode(comparisonHtml(comparison))])
  if (json) printJson(comparison)
  else print(formatComparison(comparison))
}

function nameOf({ model, file }: OpenedNetwork): string {
  return file === undefined || file.export === 'default' ? model : `${model} ${file.export}`
}
