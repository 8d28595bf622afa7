// `resnet summary`: a table of a model's layers, and why it has the number in its name.
import type { Command } from 'commander'
import type { Shape } from '../ir/shape.js'
import { checkpointOption, MODEL_ARGUMENT, openNetwork } from './open-network.js'
import { numClassesOption, parseShape } from './parse-options.js'

interface Options {
  readonly checkpoint?: string
  readonly input?: Shape
  readonly numClasses?: number
  readonly json?: boolean
}

/** Declares the command. */
export function addSummary(program: Command): void {
  program
    .command('summary')
    .description('show every layer with its output shape, parameters, multiply-adds and memory')
    .argument('[model]', MODEL_ARGUMENT)
    .addOption(checkpointOption())
    .option('--input <shape>', "the input's shape; by default one image of the model's size", parseShape)
    .addOption(numClassesOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ resnet summary resnet50 --input 1,3,224,224')
    .action(summary)
}

async function summary(
  model: string | undefined,
  { checkpoint, input, json, ...options }: Options
): Promise<void> {
  const { findModel } = await import('../models/registry.js')
  const { summarize } = await import('../inspect/summary.js')
  const { formatSummary } = await import('../inspect/format-summary.js')
  const { countLayers } = await import('../inspect/count-layers.js')
  const opened = await openNetwork(model, checkpoint, known => findModel(known).build(options))
  const { name, net, shape } = opened
  const numbers = summarize(net, { input: input ?? [1, ...shape] })
  const layers = countLayers(net)
  const text = json
    ? JSON.stringify({ model: name, layers, ...numbers }, undefined, 2)
    : `${formatSummary(numbers)}\nLayers with weights:\n${layers.sums.map(sum => `  ${sum}`).join('\n')}`
  process.stdout.write(`${text}\n`)
}
