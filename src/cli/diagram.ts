// `resnet diagram`: a network as a picture.
import { Option, type Command } from 'commander'
import {
  DIAGRAM_STYLES,
  THEMES,
  type DiagramStyle,
  type DiagramTheme
} from '../inspect/diagram/diagram-choices.js'
import type { Shape } from '../ir/shape.js'
import {
  exportOption,
  INSPECTED_ARGUMENT,
  inputFor,
  openInspected,
  plainOption,
  type InspectOptions
} from './open-inspected.js'
import { checkpointOption } from './open-network.js'
import { numClassesOption, parseInputShape } from './parse-options.js'

interface Options extends InspectOptions {
  readonly style: DiagramStyle
  readonly stage?: string
  readonly theme?: DiagramTheme
  readonly input?: Shape
  readonly out: string
}

/** Declares the command. */
export function addDiagram(program: Command): void {
  program
    .command('diagram')
    .description('draw a network: its layers, shapes and parameters, and an arc for every shortcut')
    .argument('[model]', INSPECTED_ARGUMENT)
    .addOption(checkpointOption())
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
    .option('--input <shape>', "the input's shape; by default one image of the model's size", parseInputShape)
    .addOption(numClassesOption('1000, or 10 for the CIFAR networks'))
    .addOption(plainOption())
    .addOption(exportOption())
    .requiredOption('--out <file>', 'where to write: .svg, .png or .html')
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet diagram resnet18 --style block --out blocks.svg\n  $ resnet diagram ./mine.mjs --input 1,3,32,32 --out mine.html'
    )
    .action(diagram)
}

async function diagram(
  model: string | undefined,
  { style, stage, theme, input, out, ...options }: Options
): Promise<void> {
  const { writeFileAtomic } = await import('#platform')
  const { PathError, ResnetError } = await import('../base/errors.js')
  const format = /\.(svg|png|html)$/i.exec(out)?.[1].toLowerCase()
  if (format === undefined) throw new PathError(out, 'expected a name that ends in .svg, .png or .html')
  if (stage !== undefined && style !== 'stage') throw new ResnetError('--stage goes with --style stage')
  const opened = await openInspected(model, options)
  const { net, name, library, run } = opened
  const drawing = {
    style,
    input: await inputFor(opened, input),
    // A picture has one theme.
    theme: format === 'png' && theme !== 'dark' ? 'light' : (theme ?? 'auto'),
    ...(stage === undefined ? {} : { stage }),
    ...(library ? {} : { name })
  } as const
  const { drawDiagram } = library ?? (await import('../inspect/diagram/draw-diagram.js'))
  const { diagramHtml } = library ?? (await import('../pages/diagram/diagram-html.js'))
  const text = await run(() => (format === 'html' ? diagramHtml(net, drawing) : drawDiagram(net, drawing)))
  const bytes =
    format === 'png' ? await (await import('#platform')).renderSvg(text) : new TextEncoder().encode(text)
  await writeFileAtomic(out, [bytes])
}
