// `resnet run`: tensors in, tensors out.
import type { Command } from 'commander'
import type { DeviceRequest } from '../runtime/engine.js'
import type { NetworkOptions } from './load-network.js'
import { checkpointOption, MODEL_ARGUMENT, openNetwork } from './open-network.js'
import { deviceOption, numClassesOption, parseNames, seedOption, weightsOption } from './parse-options.js'

interface Options extends NetworkOptions {
  readonly checkpoint?: string
  readonly input: string
  readonly out: string
  readonly outputs: readonly string[]
  readonly device: DeviceRequest
}

/** Declares the command. */
export function addRun(program: Command): void {
  program
    .command('run')
    .description("run a model on a file's tensor `x` and write `logits` and the inner results that are named")
    .argument('[model]', MODEL_ARGUMENT)
    .addOption(checkpointOption())
    .addOption(weightsOption())
    .addOption(seedOption())
    .requiredOption('--input <file>', 'a file with the tensor x: [N, C, H, W]')
    .requiredOption('--out <file>', 'where to write: .safetensors or .pth')
    .option('--outputs <names>', 'inner modules whose results are wanted too', parseNames, [])
    .addOption(numClassesOption())
    .addOption(deviceOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ resnet run resnet18 --weights w.safetensors --input x.safetensors --out y.safetensors --outputs layer1,layer4'
    )
    .action(run)
}

async function run(
  model: string | undefined,
  { checkpoint, input, out, outputs, device, ...options }: Options
): Promise<void> {
  const { compile } = await import('../compile/compile.js')
  const { abridge } = await import('../base/words.js')
  const { ResnetError } = await import('../base/errors.js')
  const { toFloat32 } = await import('../tensor/convert.js')
  const { readWeights } = await import('../weights/read-weights.js')
  const { writeWeights } = await import('../weights/write-weights.js')
  const { loadNetwork } = await import('./load-network.js')
  const [{ net }, tensors] = await Promise.all([
    openNetwork(model, checkpoint, name => loadNetwork(name, options)),
    readWeights(input)
  ])
  const x = tensors.get('x')
  if (!x) {
    const others = abridge([...tensors.keys()], 5)
    throw new ResnetError(`${input}: has no tensor x${others === '' ? '' : `, only ${others}`}`)
  }
  if (x.shape.length !== 4) throw new ResnetError(`${input}: x is ${String(x)}, expected [N, C, H, W]`)
  const network = await compile(net, {
    input: ['N', ...x.shape.slice(1)],
    outputs,
    device,
    expectedRuns: x.shape[0] === 1 ? 'few' : 'many'
  })
  const results = await network(toFloat32(x))
  await writeWeights(out, new Map(Object.entries(results)))
}
