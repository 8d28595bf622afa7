import type { Command } from 'commander'
import { addModelOptions } from '../network-options.js'
import { deviceOption, wholeNumber } from '../parse-options.js'
import type { PredictOptions } from './predict-run.js'

export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .description('say what is on photographs (JPEG, PNG, WebP, GIF)')
    .argument('<image...>', 'image files, or folders of them')
  addModelOptions(command, { use: 'apply' })
    .option('--top <n>', 'how many classes to show', wholeNumber(1), 5)
    .option('--json', 'print JSON')
    .option('--logits', "add the network's raw outputs to the JSON")
    .addOption(deviceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet predict dog.jpg --model resnet50 --weights resnet50.pth --top 3\n  $ resnet predict rose.jpg --checkpoint runs/resnet18/best.safetensors'
    )
    .action(async (images: readonly string[], options: PredictOptions) =>
      (await import('./predict-run.js')).predict(images, options)
    )
}
