import { Option, type Command } from 'commander'
import { addModelOptions } from '../network-options.js'
import { deviceOption, fromTo, wholeNumber } from '../parse-options.js'
import { ANSWER_FORMATS } from './formats.js'
import type { PredictOptions } from './predict-run.js'

export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .description('say what is on photographs (JPEG, PNG, WebP, GIF)')
    .argument(
      '<image...>',
      'image files, folders of them, addresses (https), or - for a list of paths on standard input'
    )
  addModelOptions(command, { use: 'apply' })
    .option('--top <n>', 'how many classes to show', wholeNumber(1), 5)
    .option('--multi-label', 'a picture may have several labels at once: each has its own probability')
    .option('--threshold <share>', 'leave out what is less probable, 0 to 1', fromTo(0, 1), 0)
    .option('--labels <file>', 'names of the classes: a line each, or JSON')
    .addOption(
      new Option('--format <format>', 'how answers are written, each as soon as there is one')
        .choices(ANSWER_FORMATS)
        .default('text')
    )
    .option('--json', 'the same as --format json')
    .option('--logits', "add the network's raw outputs to the JSON")
    .addOption(deviceOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet predict dog.jpg --model resnet50 --weights resnet50.pth --top 3\n  $ resnet predict rose.jpg --checkpoint runs/resnet18/best.safetensors\n  $ find photos -name "*.jpg" | resnet predict - --format csv > answers.csv'
    )
    .action(async (images: readonly string[], options: PredictOptions) =>
      (await import('./predict-run.js')).predict(images, options)
    )
}
