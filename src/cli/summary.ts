// `resnet summary`: a table of a model's layers, and why it has the number in its name.
import type { Command } from 'commander'
import type { Shape } from '../ir/shape.js'
import {
  exportOption,
  INSPECTED_ARGUMENT,
  inputFor,
  openInspected,
  type InspectOptions
} from './open-inspected.js'
import { checkpointOption } from './open-network.js'
import { numClassesOption, parseInputShape } from './parse-options.js'

interface Options extends InspectOptions {
  readonly input?: Shape
  readonly json?: boolean
}

/** Declares the command. */
export function addSummary(program: Command): void {
  program
    .command('summary')
    .description('show every layer with its output shape, parameters, multiply-adds and memory')
    .argument('[model]', INSPECTED_ARGUMENT)
    .addOption(checkpointOption())
    .option('--input <shape>', "the input's shape; by default one image of the model's size", parseInputShape)
    .addOption(numClassesOption())
    .addOption(exportOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ resnet summary resnet50 --input 1,3,224,224')
    .action(summary)
}

async function summary(model: string | undefined, { input, json, ...options }: Options): Promise<void> {
  const opened = await openInspected(model, options)
  const { name, net, library, run } = opened
  const { summarize } = library ?? (await import('../inspect/summary.js'))
  const { formatSummary } = library ?? (await import('../inspect/format-summary.js'))
  const { countLayers } = library ?? (await import('../inspect/count-layers.js'))
  const shape = await inputFor(opened, input)
  const numbers = await run(() => summarize(net, { input: shape }))
  const layers = countLayers(net, { input: shape })
  const text = json
    ? JSON.stringify({ model: name, layers, ...numbers }, undefined, 2)
    : `${formatSummary(numbers)}\nLayers with weights:\n${layers.sums.map(sum => `  ${sum}`).join('\n')}`
  process.stdout.write(`${text}\n`)
}
