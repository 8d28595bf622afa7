import { Option, type Command } from 'commander'
import { numberOf, wholeNumber } from '../parse-options.js'
import { addData, addSteps, DATA_ARGUMENT } from '../data/data-options.js'
import type { TrainOptions } from './saved-run.js'
import { KNOWN_SCHEDULES } from '../../optim/names.js'

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('train a network on images')
    .argument('[data]', `${DATA_ARGUMENT}; with --resume the run's own if left out`)
    .option('--epochs <n>', 'how often to go through the data', wholeNumber(1), 10)
  addSteps(addData(command))
    .option('--schedule <schedule>', KNOWN_SCHEDULES, 'cosine')
    .option('--warmup <epochs>', 'epochs of a linear rise before the schedule', numberOf(0), 0)
    .option('--ema <decay>', 'keep a moving average of the weights and use that', numberOf(0))
    .option('--out <folder>', 'where checkpoints, metrics and report go (default: runs/<model>)')
    .option('--resume', 'continue from the last checkpoint in the folder, with its data and options')
    .option('--resume-previous', 'continue from the checkpoint before the last, where that is damaged')
    .addOption(
      new Option('--overwrite', 'start anew in a folder that holds a run').conflicts([
        'resume',
        'resumePrevious'
      ])
    )
    .option(
      '--checkpoint-every <seconds>',
      'time between checkpoints; 0 for one after every batch',
      numberOf(0),
      300
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Ctrl-C saves and ends with exit code 130, SIGTERM with 143, a closed terminal with 129; --resume continues.

Examples:
  $ resnet train --resume --out runs/resnet18
  $ resnet train digits --model cifar_resnet8 --epochs 10
  $ resnet train photos --model resnet18 --weights resnet18.pth --freeze conv1,bn1,layer1 --lr 0.01`
    )
    .action(async (data: string | undefined, options: TrainOptions, used: Command) =>
      (await import('./train-run.js')).train(data, options, used)
    )
}
