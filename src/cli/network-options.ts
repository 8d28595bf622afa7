// The options that choose a network, shared by all commands: MODEL (a name or a file), --weights, --dialect, --checkpoint, --seed,
// --num-classes and --export.
import { Option, type Command } from 'commander'
import { anyInteger, wholeNumber } from './parse-options.js'
import { parseAssumption } from './parse-assumption.js'

const MODEL_ARGUMENT =
  'a name that `resnet list` shows, also with a tag of timm (resnet50.a1_in1k), or a JavaScript file that exports a network (./my-net.mjs); left out with --checkpoint'

/** The model of commands that can do without a name. */
export const USUAL_MODEL = 'resnet18'

/** How a command uses its network. */
export interface NetworkUse {
  /** `apply` uses published weights by default, `inspect` none; `train` takes classes and seed from its own options. */
  readonly use: 'apply' | 'inspect' | 'train'
  /** The default number of outputs, for the help text. */
  readonly numClasses?: string
}

const WEIGHTS: Readonly<Record<NetworkUse['use'], string>> = {
  apply:
    "a .pth or .safetensors file, hf:owner/name (then MODEL may be left out), or the name of published weights, torchvision's or timm's tag (default: DEFAULT, downloaded once)",
  inspect:
    'a .pth or .safetensors file, hf:owner/name (then MODEL may be left out), or the name of published weights (default: none)',
  train: 'start from a .pth or .safetensors file, from hf:owner/name, or from published weights by name'
}

/** Declares MODEL, its alias `--model`, and the other options. */
export function addModelArgument(command: Command, use: NetworkUse): Command {
  return addNetworkOptions(
    command.argument('[model]', MODEL_ARGUMENT).option('--model <model>', 'the same as MODEL'),
    use
  )
}

export function addNetworkOptions(
  command: Command,
  { use, numClasses = 'read off the weights, or 1000' }: NetworkUse
): Command {
  const checkpoint = new Option(
    '--checkpoint <file>',
    "what `resnet train` wrote: model, weights, classes and preparation at once; or timm's training script; 'digits' for the network that ships"
  )
  command
    .addOption(new Option('--weights <file>', WEIGHTS[use]))
    .option(
      '--entry <keys>',
      'where the weights are in that file, keys joined by dots (default: where they are found)'
    )
    .option('--dialect <name>', "whose names that file's tensors have, such as hf (default: recognised)")
    .option(
      '--assume <name=value>',
      "what that file's names cannot tell, such as strideIn1x1, pixels=caffe or eps=0.001; more than once for more",
      parseAssumption
    )
    .addOption(checkpoint.conflicts(use === 'train' ? ['weights'] : ['weights', 'seed', 'numClasses']))
    .option('--num-classes <n>', `outputs of the network (default: ${numClasses})`, wholeNumber(1))
    .option('--export <name>', "which export of MODEL's file is the network (default: the default export)")
  if (use === 'train') return command
  if (use === 'apply') {
    command.option(
      '--test-size',
      "pictures of the size with which the accuracy of timm's weights was measured (default: that of training, as in timm)"
    )
  }
  return command.addOption(
    new Option('--seed <n>', 'untrained weights from this seed instead of trained ones')
      .argParser(anyInteger)
      .conflicts('weights')
  )
}

/** Declares `--model` and the other options, for commands with other arguments. */
export function addModelOptions(command: Command, use: NetworkUse, hasUsual = true): Command {
  command.option('--model <model>', `${MODEL_ARGUMENT}${hasUsual ? ` (default: ${USUAL_MODEL})` : ''}`)
  return addNetworkOptions(command, use)
}
