// Which network looks at images, and with which weights: what `predict` and `explain` take alike.
import { Option, type Command } from 'commander'
import { seedOption, weightsOption } from './parse-options.js'

/** Declares `--model`, `--weights`, `--checkpoint` and `--seed`. */
export function addClassifierOptions(command: Command): Command {
  return command
    .option('--model <model>', 'a name that `resnet list` shows', 'resnet18')
    .addOption(weightsOption())
    .addOption(
      new Option(
        '--checkpoint <file>',
        "what `resnet train` wrote: model, weights, classes and preparation at once; 'digits' for the network that ships"
      ).conflicts(['model', 'weights', 'seed', 'numClasses'])
    )
    .addOption(seedOption())
}
