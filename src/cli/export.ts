// `resnet export`: a model as an ONNX file.
import type { Command } from 'commander'
import type { Shape } from '../ir/shape.js'
import type { NetworkOptions } from './load-network.js'
import { numClassesOption, parseShape, seedOption, weightsOption } from './parse-options.js'

interface Options extends NetworkOptions {
  readonly input?: Shape
  readonly out: string
}

/** Declares the command. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('write a model with its weights as ONNX: input x, output logits')
    .argument('<model>', 'a name that `resnet list` shows')
    .addOption(weightsOption())
    .addOption(seedOption())
    .requiredOption('--out <file>', 'where to write the .onnx file')
    .option('--input <shape>', "the input's shape; N, the default batch, leaves it open", parseShape)
    .addOption(numClassesOption())
    .addHelpText('after', '\nExample:\n  $ resnet export resnet18 --weights w.pth --out resnet18.onnx')
    .action(exportModel)
}

async function exportModel(model: string, { input, out, ...options }: Options): Promise<void> {
  const { writeFileAtomic } = await import('#platform')
  const { exportOnnx } = await import('../compile.js')
  const { findModel } = await import('../models/registry.js')
  const { loadNetwork } = await import('./load-network.js')
  const { inputSize } = findModel(model)
  const net = await loadNetwork(model, options)
  const shape = input ?? ['N', 3, inputSize, inputSize]
  await writeFileAtomic(out, [exportOnnx(net, { input: shape })])
}
