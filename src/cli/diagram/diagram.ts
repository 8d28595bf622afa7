import { Option, type Command } from 'commander'
import { DIAGRAM_STYLES, THEMES } from '../../inspect/diagram/diagram-choices.js'
import { addModelArgument } from '../network-options.js'
import { INPUT_SHAPE, parseInputShape } from '../parse-options.js'
import type { DiagramOptions } from './diagram-run.js'

export function addDiagram(program: Command): void {
  const command = program
    .command('diagram')
    .description('draw a network: its layers, shapes and parameters, and an arc for every shortcut')
    .addOption(
      new Option(
        '--style <style>',
        'every layer, one stage beside the whole, each kind of block in detail, or the network beside its plain twin'
      )
        .choices(DIAGRAM_STYLES)
        .default('layer')
    )
    .option('--stage <module>', 'which module --style stage opens, such as layer2')
    .addOption(
      new Option(
        '--theme <theme>',
        "colours; auto follows the reader's system (default: auto, light for .png)"
      ).choices(THEMES)
    )
    .option('--input <shape>', INPUT_SHAPE, parseInputShape)
    .addOption(new Option('--plain', 'the plain twin of MODEL, without shortcuts').conflicts('checkpoint'))
  addModelArgument(command, { use: 'inspect', numClasses: '1000, or 10 for the CIFAR networks' })
    .requiredOption('--out <file>', 'where to write: .svg, .png or .html')
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet diagram resnet18 --style block --out blocks.svg\n  $ resnet diagram ./mine.mjs --input 1,3,32,32 --out mine.html'
    )
    .action(async (model: string | undefined, options: DiagramOptions) =>
      (await import('./diagram-run.js')).diagram(model, options)
    )
}
