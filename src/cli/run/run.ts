import type { Command } from 'commander'
import type { DeviceRequest } from '../../runtime/engine.js'
import { addModelArgument, openChosen, withModel, type NetworkChoice } from '../network-options.js'
import { deviceOption, parseNames } from '../parse-options.js'

interface Options extends NetworkChoice {
  readonly input: string
  readonly out: string
  readonly outputs: readonly string[]
  readonly device: DeviceRequest
}

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description("run a model on a file's tensor `x` and write `logits` and the inner results that are named")
    .requiredOption('--input <file>', 'a file with the tensor x: [N, C, H, W]')
    .requiredOption('--out <file>', 'where to write: .safetensors or .pth')
    .option('--outputs <names>', 'inner modules whose results are wanted too', parseNames, [])
  addModelArgument(command, { use: 'apply' })
    .addOption(deviceOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ resnet run resnet18 --weights w.safetensors --input x.safetensors --out y.safetensors --outputs layer1,layer4'
    )
    .action(run)
}

async function run(
  model: string | undefined,
  { input, out, outputs, device, ...choice }: Options
): Promise<void> {
  const { compile } = await import('../../compile/compile.js')
  const { abridge } = await import('../../base/words.js')
  const { ResnetError } = await import('../../base/errors.js')
  const { toFloat32 } = await import('../../tensor/convert.js')
  const { readWeights } = await import('../../weights/read-weights.js')
  const { writeWeights } = await import('../../weights/write-weights.js')
  const [{ net }, tensors] = await Promise.all([
    openChosen(withModel(model, choice), 'apply'),
    readWeights(input)
  ])
  const x = tensors.get('x')
  if (!x) {
    const others = abridge([...tensors.keys()], 5)
    throw new ResnetError(`${input}: has no tensor x${others === '' ? '' : `, only ${others}`}`)
  }
  if (x.shape.length < 2) throw new ResnetError(`${input}: x is ${String(x)}, expected a batch: [N, C, H, W]`)
  const network = await compile(net, {
    input: ['N', ...x.shape.slice(1)],
    outputs,
    device,
    expectedRuns: x.shape[0] === 1 ? 'few' : 'many'
  })
  await writeWeights(out, new Map(Object.entries(await network(toFloat32(x)))))
}
