// Training to compare between a browser and Node: a few steps from the same seed.
import {
  AdaptiveAvgPool2d,
  adamw,
  BasicBlock,
  BatchNorm2d,
  cifar_resnet8,
  Conv2d,
  createLoader,
  createTrainer,
  digits,
  Flatten,
  Linear,
  manualSeed,
  MaxPool2d,
  randn,
  ReLU,
  Sequential,
  sgd,
  toTensor,
  type Engine,
  type Module,
  type Optimizer
} from 'resnet-ts'
import type { Batch } from 'resnet-ts/train'

interface Case {
  readonly build: () => Module
  readonly optimizer: Optimizer
  readonly batches: () => AsyncIterable<Batch> | Iterable<Batch>
}

const BATCH = 8

/** A small ImageNet-style ResNet: stem with pooling, strides, projections, wide convolutions. */
const small = (): Module => {
  const body = (planes: number, next: number): Module =>
    new BasicBlock(planes, next, {
      stride: 2,
      downsample: new Sequential(
        new Conv2d(planes, next, 1, { stride: 2, bias: false }),
        new BatchNorm2d(next)
      )
    })
  return new Sequential({
    conv1: new Conv2d(3, 8, 7, { stride: 2, padding: 3, bias: false }),
    bn1: new BatchNorm2d(8),
    relu: new ReLU(),
    maxpool: new MaxPool2d(3, { stride: 2, padding: 1 }),
    layer1: new BasicBlock(8, 8),
    layer2: body(8, 16),
    avgpool: new AdaptiveAvgPool2d(1),
    flatten: new Flatten(),
    fc: new Linear(16, 4)
  })
}

function* noise(): Generator<Batch> {
  for (let step = 0; step < 3; step++) {
    yield { images: randn([BATCH, 3, 32, 32]), labels: Array.from({ length: BATCH }, (_, i) => i % 4) }
  }
}

async function* firstDigits(): AsyncGenerator<Batch> {
  const loader = createLoader(await digits(), { batchSize: BATCH, transforms: [toTensor()], seed: 3 })
  let count = 0
  for await (const batch of loader) {
    yield batch
    if (++count === 6) return
  }
}

const cases = {
  'a small ResNet': {
    build: small,
    optimizer: sgd({ lr: 0.01, momentum: 0.9, weightDecay: 1e-4 }),
    batches: noise
  },
  cifar_resnet8: {
    build: () => cifar_resnet8({ inChannels: 1 }),
    optimizer: adamw({ lr: 1e-3 }),
    batches: firstDigits
  }
} satisfies Record<string, Case>

export type CaseName = keyof typeof cases
export const CASES = Object.keys(cases) as CaseName[]

/** The result of training. */
export interface Trained {
  readonly losses: readonly number[]
  /** The norm of every tensor in the state dict. */
  readonly norms: Readonly<Record<string, number>>
}

export async function train(name: CaseName, engine?: Engine): Promise<Trained> {
  manualSeed(1)
  const { build, optimizer, batches }: Case = cases[name]
  const trainer = await createTrainer(build(), { optimizer, ...(engine ? { engine } : {}) })
  const losses: number[] = []
  for await (const batch of batches()) losses.push((await trainer.step(batch)).loss)
  const norms = Object.fromEntries(
    Array.from(await trainer.stateDict(), ([key, { data }]) => [key, lengthOf(Array.from(data, Number))])
  )
  await trainer.dispose()
  return { losses, norms }
}

function lengthOf(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}
