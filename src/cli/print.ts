// `resnet print`: what `print(net)` shows in PyTorch.
import { Option, type Command } from 'commander'
import type { ReprStyle } from '../nn/repr.js'
import { numClassesOption } from './parse-options.js'

/** Declares the command. */
export function addPrint(program: Command): void {
  program
    .command('print')
    .description("print a model as PyTorch's print(net) does")
    .argument('<model>', 'a name that `resnet list` shows')
    .addOption(numClassesOption())
    .addOption(
      new Option('--style <style>', "whose text: today's PyTorch, or 2018's").choices(['torch', 'torch-1.0'])
    )
    .addHelpText('after', '\nExample:\n  $ resnet print resnet18 --num-classes 10')
    .action(print)
}

async function print(
  model: string,
  { style = 'torch', ...options }: { readonly style?: ReprStyle; readonly numClasses?: number }
): Promise<void> {
  const { findModel } = await import('../models/registry.js')
  process.stdout.write(`${findModel(model).build(options).toString({ style })}\n`)
}
