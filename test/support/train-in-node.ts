// The training of the explorer's part "Train" with its default settings, in Node.
import {
  createEngine,
  createLoader,
  createTrainer,
  digits,
  randomSplit,
  sgd,
  toTensor,
  type Loader,
  type Module,
  type Trainer
} from 'resnet-ts'
import { buildTwins } from 'resnet-ts/explain'
import { findModel, type ModelName } from 'resnet-ts/models'

/** An idle engine does not keep the process alive. */
const engine = createEngine({ threads: 1 })

/** The page's data in Node. */
export async function loaders(seed = 0): Promise<{ readonly train: Loader; readonly heldBack: Loader }> {
  const { train, validation } = randomSplit(await digits(), 0.2, 0)
  const options = { transforms: [toTensor({ mean: [0.3053], std: [0.376] })], workers: 0 }
  return {
    train: createLoader(train, { ...options, batchSize: 32, seed, dropLast: true }),
    heldBack: createLoader(validation, { ...options, batchSize: validation.length, shuffle: false })
  }
}

/** A trainer with the page's default settings. */
export const trainerOf = (net: Module): Promise<Trainer> =>
  createTrainer(net, { optimizer: sgd({ lr: 0.05, momentum: 0.9, weightDecay: 1e-4 }), engine })

/** The network with the page's default seed, with or without shortcuts. */
export function twinsInNode(model: ModelName): Module[] {
  const { plain, residual } = buildTwins(model, findModel(model).build, {
    seed: 0,
    numClasses: 10,
    inChannels: 1
  })
  return [plain, residual]
}

/** The losses of each network's first steps. */
export async function lossesInNode(nets: readonly Module[], count: number): Promise<number[][]> {
  const trainers = await Promise.all(nets.map(trainerOf))
  const losses: number[][] = []
  for await (const batch of (await loaders()).train.epoch(0)) {
    if (losses.length === count) break
    const made = []
    for (const trainer of trainers) made.push((await trainer.step(batch)).loss)
    losses.push(made)
  }
  for (const trainer of trainers) await trainer.dispose()
  return losses
}
