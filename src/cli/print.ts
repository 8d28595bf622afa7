// `resnet print`: what `print(net)` shows in PyTorch.
import { Option, type Command } from 'commander'
import type { ReprStyle } from '../nn/repr.js'
import { exportOption, INSPECTED_ARGUMENT, openInspected, type InspectOptions } from './open-inspected.js'
import { checkpointOption } from './open-network.js'
import { numClassesOption } from './parse-options.js'

/** Declares the command. */
export function addPrint(program: Command): void {
  program
    .command('print')
    .description("print a model as PyTorch's print(net) does")
    .argument('[model]', INSPECTED_ARGUMENT)
    .addOption(checkpointOption())
    .addOption(numClassesOption())
    .addOption(exportOption())
    .addOption(
      new Option('--style <style>', "whose text: today's PyTorch, or 2018's").choices(['torch', 'torch-1.0'])
    )
    .addHelpText('after', '\nExample:\n  $ resnet print resnet18 --num-classes 10')
    .action(print)
}

interface Options extends InspectOptions {
  readonly style?: ReprStyle
}

async function print(model: string | undefined, { style = 'torch', ...options }: Options): Promise<void> {
  const { net } = await openInspected(model, options)
  process.stdout.write(`${net.toString({ style })}\n`)
}
