// `resnet print`: what `print(net)` shows in PyTorch.
import { Option, type Command } from 'commander'
import type { ReprStyle } from '../nn/repr.js'
import { checkpointOption, MODEL_ARGUMENT, openNetwork } from './open-network.js'
import { numClassesOption } from './parse-options.js'

/** Declares the command. */
export function addPrint(program: Command): void {
  program
    .command('print')
    .description("print a model as PyTorch's print(net) does")
    .argument('[model]', MODEL_ARGUMENT)
    .addOption(checkpointOption())
    .addOption(numClassesOption())
    .addOption(
      new Option('--style <style>', "whose text: today's PyTorch, or 2018's").choices(['torch', 'torch-1.0'])
    )
    .addHelpText('after', '\nExample:\n  $ resnet print resnet18 --num-classes 10')
    .action(print)
}

interface Options {
  readonly checkpoint?: string
  readonly style?: ReprStyle
  readonly numClasses?: number
}

async function print(
  model: string | undefined,
  { checkpoint, style = 'torch', ...options }: Options
): Promise<void> {
  const { findModel } = await import('../models/registry.js')
  const { net } = await openNetwork(model, checkpoint, name => findModel(name).build(options))
  process.stdout.write(`${net.toString({ style })}\n`)
}
