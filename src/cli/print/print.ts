// `resnet print`: the text of `print(net)` in PyTorch.
import { Option, type Command } from 'commander'
import type { ReprStyle } from '../../nn/module/repr.js'
import { addModelArgument, openChosen, withModel, type NetworkChoice } from '../network-options.js'
import { print } from '../terminal/output.js'

export function addPrint(program: Command): void {
  const command = program.command('print').description("print a model as PyTorch's print(net) does")
  addModelArgument(command, { use: 'inspect' })
    .addOption(
      new Option('--style <style>', "whose text: today's PyTorch, or 2018's").choices(['torch', 'torch-1.0'])
    )
    .addHelpText('after', '\nExample:\n  $ resnet print resnet18 --num-classes 10')
    .action(printNetwork)
}

async function printNetwork(
  model: string | undefined,
  { style = 'torch', ...choice }: NetworkChoice & { readonly style?: ReprStyle }
): Promise<void> {
  const { net } = await openChosen(withModel(model, choice), 'inspect')
  print(net.toString({ style }))
}
