import { Option, type Command } from 'commander'
import { METHODS } from '../../explain/words.js'
import type { ExplainCommand } from './explain-run.js'
import { addModelOptions } from '../network-options.js'
import { deviceOption, fromTo, wholeNumber } from '../parse-options.js'

export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('show where on images a network looks, as a PNG or a page')
    .argument('[image...]', 'image files, folders of them, or addresses (https); --method filters needs none')
  addModelOptions(command, { use: 'apply' })
    .addOption(
      new Option('--method <method>', 'how to look').choices(Object.keys(METHODS)).default('gradcam')
    )
    .option(
      '--layer <layer>',
      'the module whose maps are looked at, relu_1 for its second result (default: the last that has any)'
    )
    .option('--multi-label', 'a picture may have several labels at once: each has its own probability')
    .option('--class <class>', 'what to explain: a number or a name (default: what the network answers)')
    .option(
      '--out <path>',
      'a .png or .html file, or a folder (default: a PNG beside you, named after image and method); with several images their names are added'
    )
    .option('--alpha <share>', 'how much of the picture the heat covers, 0 to 1', fromTo(0, 1), 0.5)
    .option('--max-channels <n>', 'scorecam: only the channels that vary most (default: all)', wholeNumber(1))
    .option(
      '--patch <pixels>',
      'occlusion: sides of the patch (default: a seventh of the image)',
      wholeNumber(1)
    )
    .option('--stride <pixels>', 'occlusion: how far it moves (default: half of it)', wholeNumber(1))
    .option(
      '--steps <n>',
      'integrated-gradients: steps from black to the image (default: 50)',
      wholeNumber(1)
    )
    .option(
      '--batch <n>',
      'how many runs of the network go together; memory grows with it',
      wholeNumber(1),
      16
    )
    .option('--json', 'print JSON')
    .addOption(deviceOption())
    .addHelpText(
      'after',
      `
Examples:
  $ resnet explain dog.jpg --model resnet50 --weights resnet50.pth --out cam.html
  $ resnet explain photos --checkpoint runs/resnet18/best.safetensors --method scorecam --max-channels 64 --out seen
  $ resnet explain --model resnet18 --weights resnet18.pth --method filters`
    )
    .action(async (paths: readonly string[], options: ExplainCommand) =>
      (await import('./explain-run.js')).explainImages(paths, options)
    )
}
