// `resnet print`: the text of `print(net)` in PyTorch.
import { Option, type Command } from 'commander'
import { addModelArgument } from '../network-options.js'
import type { PrintOptions } from './print-run.js'

export function addPrint(program: Command): void {
  const command = program.command('print').description("print a model as PyTorch's print(net) does")
  addModelArgument(command, { use: 'inspect' })
    .addOption(
      new Option(
        '--style <style>',
        "whose text: today's PyTorch (2.12 and later), that of 1.1 to 2.11, or 2018's"
      ).choices(['torch', 'torch-1.13', 'torch-1.0'])
    )
    .addHelpText('after', '\nExample:\n  $ resnet print resnet18 --num-classes 10')
    .action(async (model: string | undefined, options: PrintOptions) =>
      (await import('./print-run.js')).printNetwork(model, options)
    )
}
