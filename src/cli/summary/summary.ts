// `resnet summary`: a table of a model's layers, and how its name counts them.
import type { Command } from 'commander'
import type { Shape } from '../../ir/shape.js'
import { addModelArgument, inputOf, openChosen, withModel, type NetworkChoice } from '../network-options.js'
import { INPUT_SHAPE, parseInputShape } from '../parse-options.js'
import { print, printJson } from '../terminal/output.js'

interface Options extends NetworkChoice {
  readonly input?: Shape
  readonly json?: boolean
}

export function addSummary(program: Command): void {
  const command = program
    .command('summary')
    .description('show every layer with its output shape, parameters, multiply-adds and memory')
    .option('--input <shape>', INPUT_SHAPE, parseInputShape)
  addModelArgument(command, { use: 'inspect' })
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ resnet summary resnet50 --input 1,3,224,224')
    .action(summary)
}

async function summary(model: string | undefined, { input, json, ...choice }: Options): Promise<void> {
  const opened = await openChosen(withModel(model, choice), 'inspect', { input })
  const { formatSummary, summarize } = await import('../../inspect/summary/summary.js')
  const { countLayers } = await import('../../inspect/summary/count-layers.js')
  const shape = inputOf(opened, { input })
  const numbers = summarize(opened.net, { input: shape })
  const layers = countLayers(opened.net, { input: shape })
  if (json) printJson({ model: opened.model, layers, ...numbers })
  else
    print([formatSummary(numbers), 'Layers with weights:', ...layers.sums.map(sum => `  ${sum}`)].join('\n'))
}
