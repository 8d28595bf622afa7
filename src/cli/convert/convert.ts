import type { Command } from 'commander'
import type { ConvertOptions } from './convert-run.js'

export function addConvert(program: Command): void {
  program
    .command('convert')
    .description('convert weights between .pth, .safetensors and .npz; types are kept')
    .argument('<in>', 'a .pth, .safetensors or .npz file')
    .argument('<out>', 'where to write: .safetensors, .pth or .npz')
    .option(
      '--entry <keys>',
      'where the weights are in IN, keys joined by dots (default: where they are found)'
    )
    .option('--pick <prefix>', "only the tensors below this name, without it: 'model.', or 'layer1'")
    .option('--dialect <name>', "under another project's names: hf, mmpretrain, detectron2, torchvision, …")
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet convert resnet18.pth resnet18.safetensors\n  $ resnet convert lightning.ckpt resnet18.safetensors --pick model.'
    )
    .action(async (from: string, to: string, options: ConvertOptions) =>
      (await import('./convert-run.js')).convert(from, to, options)
    )
}
