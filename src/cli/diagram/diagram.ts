import { Option, type Command } from 'commander'
import {
  DIAGRAM_STYLES,
  THEMES,
  type DiagramStyle,
  type DiagramTheme
} from '../../inspect/diagram/diagram-choices.js'
import type { Shape } from '../../ir/shape.js'
import { addModelArgument, inputOf, openChosen, withModel, type NetworkChoice } from '../network-options.js'
import { INPUT_SHAPE, parseInputShape } from '../parse-options.js'

interface Options extends NetworkChoice {
  readonly plain?: boolean
  readonly style: DiagramStyle
  readonly stage?: string
  readonly theme?: DiagramTheme
  readonly input?: Shape
  readonly out: string
}

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
    .action(diagram)
}

async function diagram(
  model: string | undefined,
  { style, stage, theme, input, out, plain, ...choice }: Options
): Promise<void> {
  const { renderSvg, writeFileAtomic } = await import('#platform')
  const { PathError, ResnetError } = await import('../../base/errors.js')
  const format = /\.(svg|png|html)$/i.exec(out)?.[1].toLowerCase()
  if (format === undefined) throw new PathError(out, 'expected a name that ends in .svg, .png or .html')
  if (stage !== undefined && style !== 'stage') throw new ResnetError('--stage goes with --style stage')
  const residual = plain ? false : undefined
  const opened = await openChosen(withModel(model, choice), 'inspect', { input, residual })
  const drawing = {
    style,
    input: inputOf(opened, { input }),
    // An image has a fixed theme.
    theme: format === 'png' && theme !== 'dark' ? 'light' : (theme ?? 'auto'),
    ...(stage === undefined ? {} : { stage }),
    // A user's own network has the name of its class.
    ...(opened.file ? {} : { name: opened.model })
  } as const
  const { drawDiagram } = await import('../../inspect/diagram/draw-diagram.js')
  const { diagramHtml } = await import('../../pages/diagram/diagram-html.js')
  const text = (format === 'html' ? diagramHtml : drawDiagram)(opened.net, drawing)
  await writeFileAtomic(out, [format === 'png' ? await renderSvg(text) : new TextEncoder().encode(text)])
}
