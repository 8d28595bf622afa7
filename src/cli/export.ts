// `resnet export`: a model as an ONNX file.
import type { Command } from 'commander'
import type { Shape } from '../ir/shape.js'
import type { NetworkOptions } from './load-network.js'
import { checkpointOption, MODEL_ARGUMENT, openNetwork } from './open-network.js'
import { numClassesOption, parseShape, seedOption, weightsOption } from './parse-options.js'

interface Options extends NetworkOptions {
  readonly checkpoint?: string
  readonly input?: Shape
  readonly out: string
}

/** Declares the command. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('write a model with its weights as ONNX: input x, output logits')
    .argument('[model]', MODEL_ARGUMENT)
    .addOption(checkpointOption())
    .addOption(weightsOption())
    .addOption(seedOption())
    .requiredOption('--out <file>', 'where to write the .onnx file')
    .option('--input <shape>', "the input's shape; N, the default batch, leaves it open", parseShape)
    .addOption(numClassesOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet export resnet18 --weights w.pth --out resnet18.onnx\n  $ resnet export --checkpoint runs/resnet18/best.safetensors --out mine.onnx'
    )
    .action(exportModel)
}

async function exportModel(
  model: string | undefined,
  { checkpoint, input, out, ...options }: Options
): Promise<void> {
  const { writeFileAtomic } = await import('#platform')
  const { PathError } = await import('../base/errors.js')
  if (!/\.onnx$/i.test(out)) throw new PathError(out, 'expected a name that ends in .onnx')
  const { exportOnnx } = await import('../compile/export-onnx.js')
  const { loadNetwork } = await import('./load-network.js')
  const { net, shape } = await openNetwork(model, checkpoint, name => loadNetwork(name, options))
  await writeFileAtomic(out, [exportOnnx(net, { input: input ?? ['N', ...shape] })])
}
