// Training steps against torch: forward pass, loss, gradients and SGD with momentum, with the same number of threads.
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  createLoader,
  createTrainer,
  imageFolder,
  manualSeed,
  rand,
  randomHorizontalFlip,
  resnet18,
  sgd,
  toTensor,
  type Trainer
} from 'resnet-ts'
import { randomResizedCrop } from 'resnet-ts/images'
import { findModel } from 'resnet-ts/models'
import type { PythonPeer } from './python-peer.js'
import { compare, median, timed } from './statistics.js'

const run = promisify(execFile)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const optimizer = sgd({ lr: 0.01, momentum: 0.9, weightDecay: 1e-4 })

interface Job {
  readonly model: string
  readonly size: number
  readonly batch: number
  readonly classes: number
  readonly rounds: number
  readonly runs: number
  /** How much faster than torch it shall be; none where it is only measured. */
  readonly goal?: number
}

const LARGE = { size: 224, batch: 16, classes: 1000 }
const JOBS: readonly Job[] = [
  { model: 'resnet18', ...LARGE, rounds: 7, runs: 2, goal: 1.1 },
  { model: 'resnet50', ...LARGE, rounds: 5, runs: 1, goal: 1.3 },
  { model: 'cifar_resnet20', size: 32, batch: 128, classes: 10, rounds: 7, runs: 3, goal: 1 },
  { model: 'se_resnet50', ...LARGE, rounds: 3, runs: 1 },
  { model: 'preact_resnet50', ...LARGE, rounds: 3, runs: 1 },
  { model: 'resnext50_32x4d', ...LARGE, rounds: 3, runs: 1 }
]

/** A trainer, and a function that makes a step on a fixed batch. */
async function stepper(
  { model, size, batch, classes }: Omit<Job, 'rounds' | 'runs' | 'goal'>,
  freeze: readonly string[] = []
): Promise<{ readonly trainer: Trainer; step(): Promise<unknown> }> {
  manualSeed(0)
  const trainer = await createTrainer(findModel(model).build({ numClasses: classes }), { optimizer, freeze })
  const images = rand([batch, 3, size, size])
  const labels = Array.from({ length: batch }, (_, i) => i % classes)
  return { trainer, step: () => trainer.step({ images, labels }) }
}

/** Times training steps of whole networks. */
export async function benchTraining(python: PythonPeer): Promise<void> {
  for (const { rounds, runs, goal, ...job } of JOBS) {
    const { trainer, step } = await stepper(job)
    const { model, size, batch } = job
    await compare(
      `training step, ${model} at ${size}, batch ${batch}`,
      { name: 'resnet-ts', sample: () => timed(step, runs) },
      [
        {
          name: 'torch eager',
          ...(goal && { goal }),
          sample: () => python.times({ op: 'train', ...job, runs })
        }
      ],
      rounds
    )
    await trainer.dispose()
  }
}

/** Times steps that train only the last stage and the head. */
export async function benchFineTuning(python: PythonPeer): Promise<void> {
  const job = { model: 'resnet18', size: 224, batch: 16, classes: 10 }
  const freeze = ['conv1', 'bn1', 'layer1', 'layer2', 'layer3']
  const { trainer, step } = await stepper(job, freeze)
  await compare(
    'fine-tuning step, resnet18 at 224, batch 16: layer4 and fc alone',
    { name: 'resnet-ts', sample: () => timed(step, 3) },
    [
      {
        name: 'torch eager',
        goal: 1.1,
        sample: () => python.times({ op: 'train', ...job, freeze, runs: 3 })
      }
    ],
    7
  )
  await trainer.dispose()
}

/** Measures how much of the time the engine does not wait for images. */
export async function benchLoader(photograph: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'resnet-ts-bench-photos-'))
  for (const name of ['one', 'two']) {
    await mkdir(join(folder, name))
    for (let i = 0; i < 64; i++) await copyFile(photograph, join(folder, name, `${i}.jpg`))
  }
  const mean = [0.485, 0.456, 0.406]
  const std = [0.229, 0.224, 0.225]
  const loader = createLoader(await imageFolder(folder), {
    batchSize: 16,
    transforms: [randomResizedCrop(224), randomHorizontalFlip(), toTensor({ mean, std })]
  })
  manualSeed(0)
  const trainer = await createTrainer(resnet18({ numClasses: 2 }), { optimizer })
  const busy: number[] = []
  for (let epoch = 0; epoch < 4; epoch++) {
    let inside = 0
    const start = performance.now()
    for await (const batch of loader.epoch(epoch)) {
      const before = performance.now()
      await trainer.step(batch, { transfer: true })
      inside += performance.now() - before
    }
    // The first epoch includes compiling the step.
    if (epoch > 0) busy.push(inside / (performance.now() - start))
  }
  console.log('\nloader: 128 JPEGs of 500×375 to resnet18 at 224, batch 16, one worker')
  console.log(
    `  fraction of the time in which the engine works ${(100 * median(busy)).toFixed(1)} % ` +
      `(${busy.map(share => (100 * share).toFixed(1)).join(', ')})  goal ≥ 97 %`
  )
  await trainer.dispose()
  await loader.dispose()
  await rm(folder, { recursive: true })
}

/** Peak memory of a process that makes three steps. */
export async function benchTrainingMemory(python: string): Promise<void> {
  const peak = async (command: string, args: readonly string[]): Promise<number> => {
    const { stderr } = await run(command, args)
    return Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1e6
  }
  const ours = await peak(process.execPath, ['--import', here('report-peak.mjs'), here('train.mjs')])
  const theirs = await peak(python, [here('train.py')])
  console.log('\npeak memory of three training steps, resnet18 at 224, batch 16')
  console.log(`  resnet-ts    ${ours.toFixed(0)} MB`)
  console.log(`  torch eager  ${theirs.toFixed(0)} MB   ours ${(ours / theirs).toFixed(2)}×  goal ≤ 1.1×`)
}
