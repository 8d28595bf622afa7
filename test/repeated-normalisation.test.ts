// A normalisation that is called more than once in a pass, and whose statistics are read meanwhile: buffers and gradients
// against torch. See tools/training_goldens.py.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  add,
  BatchNorm2d,
  Conv2d,
  manualSeed,
  Module,
  randn,
  sgd,
  tensor,
  type Trainer,
  type Value
} from 'resnet-ts'
import { cast, mean, mul, relu, reshape } from 'resnet-ts/functional'
import { meanSquaredError, type ModuleBuffer } from 'resnet-ts/nn'
import { expectClose } from './support/closeness.js'
import { floats } from './support/small-training.js'
import { start } from './support/small-trainer.js'

interface Run {
  readonly momentum: number | null
  readonly lr: number
  readonly items: number
  /** The distance of torch's float32 from its float64. */
  readonly noise: number
  readonly steps: readonly {
    readonly loss: number
    readonly state: Readonly<Record<string, readonly number[]>>
  }[]
}

const { runs } = JSON.parse(
  readFileSync(new URL('goldens/training/buffers.json', import.meta.url), 'utf8')
) as { readonly runs: readonly Run[] }

/** Both sides have a multiple of torch's own rounding errors. */
const NOISE = 8

/** A buffer of `BatchNorm2d`, which is there unless it was told not to track. */
function kept(buffer: ModuleBuffer | undefined): ModuleBuffer {
  if (!buffer) throw new TypeError('the layer tracks no statistics')
  return buffer
}

/** A statistic for images. Shape: (C) → (1, C, 1, 1). */
function perChannel(buffer: ModuleBuffer | undefined): Value {
  return reshape(kept(buffer), [1, -1, 1, 1])
}

/** The counterpart of `Repeated` in the tool. */
class Repeated extends Module {
  conv = new Conv2d(3, 2, 1, { bias: false })
  bn: BatchNorm2d
  constructor(momentum: number | null) {
    super()
    this.bn = new BatchNorm2d(2, { momentum })
  }
  forward(input: Value): Value {
    let x = relu(add(this.bn(this.conv(input)), perChannel(this.bn.running_mean)))
    x = this.bn(relu(this.bn(add(mul(x, 2), 10))))
    const pooled = mean(mul(x, perChannel(this.bn.running_var)), [2, 3])
    return mul(pooled, cast(kept(this.bn.num_batches_tracked), 'float32'))
  }
}

class Twice extends Module {
  bn = new BatchNorm2d(1, { momentum: null })
  forward(x: Value): Value {
    return add(this.bn(x), this.bn(add(mul(x, 2), 10)))
  }
}

describe('a normalisation that is called twice in a pass', () => {
  it('averages all batches alike, those of one pass too', async () => {
    const net = new Twice()
    const options = { optimizer: sgd({ lr: 0 }), loss: meanSquaredError() }
    await using trainer = await start(net, options)
    const batch = { images: tensor([1, 3], [2, 1, 1, 1]), labels: tensor([0, 0], [2, 1, 1, 1]) }
    const statistics = async (of: Trainer): Promise<number[]> => {
      await of.step(batch)
      const state = await of.stateDict()
      return ['bn.running_mean', 'bn.running_var'].map(name => floats(state, name)[0])
    }
    expect(await statistics(trainer)).toEqual([8, 5])
    expect(await statistics(trainer)).toEqual([8, 5])
    expect(net.bn.num_batches_tracked?.data.data).toEqual(BigInt64Array.of(4n))
  })
})

describe.each(runs)('a normalisation that is read between its calls, with momentum $momentum', run => {
  it('has the buffers, the losses and the weights that torch has, step by step', async () => {
    manualSeed(0)
    const net = new Repeated(run.momentum)
    await using trainer = await start(net, { optimizer: sgd({ lr: run.lr }) })
    for (const [step, expected] of run.steps.entries()) {
      manualSeed(step)
      const images = randn([run.items, 3, 3, 3])
      const labels = Array.from({ length: run.items }, (_, i) => (37 * (step * run.items + i) + 11) % 2)
      const tolerance = NOISE * run.noise
      const { loss } = await trainer.step({ images, labels })
      expectClose(`loss of step ${step + 1}`, [loss], [expected.loss], { tolerance })
      const state = await trainer.stateDict()
      expect([...state.keys()]).toEqual(Object.keys(expected.state))
      for (const [name, values] of Object.entries(expected.state)) {
        const found = Array.from(state.get(name)?.data ?? [], Number)
        expectClose(`${name} after step ${step + 1}`, found, values, { tolerance })
      }
    }
  })
})
