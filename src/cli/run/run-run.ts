import { ResnetError } from '../../base/errors.js'
import { abridge } from '../../base/words.js'
import { compile } from '../../compile/compile.js'
import type { DeviceRequest } from '../../runtime/engine.js'
import { toFloat32 } from '../../tensor/convert.js'
import { readWeights } from '../../weights/read-weights.js'
import { writeWeights } from '../../weights/write-weights.js'
import { formatShape } from '../../tensor/tensor.js'
import { sayWritten } from '../terminal/output.js'
import { openChosen, withModel, type NetworkChoice } from '../open-chosen.js'

export interface RunOptions extends NetworkChoice {
  readonly input: string
  readonly out: string
  readonly outputs: readonly string[]
  readonly device: DeviceRequest
}

export async function run(
  model: string | undefined,
  { input, out, outputs, device, ...choice }: RunOptions
): Promise<void> {
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
  const results = new Map(Object.entries(await network(toFloat32(x))))
  await writeWeights(out, results)
  await sayWritten(
    out,
    abridge(
      [...results].map(([name, { shape }]) => `${name} ${formatShape(shape)}`),
      5
    )
  )
}
