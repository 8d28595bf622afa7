// Layers lifted out of a trained network, weights included, and a new head on top of them.
//
// The network that comes with the package reads digits. Its first two stages are put into a network of our own, are
// frozen, and a small head learns from 200 digits to tell even ones from odd ones. The same network with layers that
// never learned anything shows what the lifted ones are worth. Both are measured on digits that nobody was trained on.
//
//     npm run example examples/lift-layers.ts
import {
  AdaptiveAvgPool2d,
  createLoader,
  createTrainer,
  digits,
  fit,
  Flatten,
  Linear,
  manualSeed,
  Module,
  randomSplit,
  Sequential,
  toTensor,
  type Dataset,
  type Value
} from 'resnet-ts'
import { subset } from 'resnet-ts/data'
import { CifarResNet, restoreNetwork } from 'resnet-ts/models'
import { adam } from 'resnet-ts/optim'
import { DIGITS_CHECKPOINT, readCheckpoint } from 'resnet-ts/train'

const LEARNED_FROM = 200
const EPOCHS = 12

/** A trunk that is given, and a head that is to learn. */
class Parity extends Module {
  readonly trunk: Sequential
  readonly head = new Sequential(new AdaptiveAvgPool2d([2, 2]), new Flatten(), new Linear(32 * 2 * 2, 2))

  constructor(trunk: Sequential) {
    super()
    this.trunk = trunk
  }

  forward(x: Value): Value {
    return this.head(this.trunk(x))
  }
}

/** Everything of a network up to its second stage. The layers are the network's own, not copies. */
function firstStages({ conv1, bn1, relu, layer1, layer2 }: CifarResNet): Sequential {
  return new Sequential(conv1, bn1, relu, layer1, layer2)
}

/** The same pictures, labelled by whether their digit is odd. */
function byParity(dataset: Dataset): Dataset {
  return { ...dataset, classes: ['even', 'odd'], labels: dataset.labels.map(label => label % 2) }
}

/** Trains all but what is frozen, and gives the share of unseen digits that the network then tells apart. */
async function learn(trunk: Sequential, freeze: readonly string[]): Promise<string> {
  const net = new Parity(trunk)
  const trainer = await createTrainer(net, { optimizer: adam({ lr: 0.01 }), freeze })
  await fit(trainer, { train: createLoader(few, { batchSize: 20, transforms }), epochs: EPOCHS })
  const measuring = createLoader(unseen, { batchSize: unseen.length, transforms, shuffle: false })
  const { accuracy } = await trainer.evaluate(measuring.epoch(0))
  await trainer.dispose()
  return `${(100 * (accuracy ?? 0)).toFixed(1)} %`
}

const checkpoint = await readCheckpoint(DIGITS_CHECKPOINT)
const trained = restoreNetwork(checkpoint)
if (!(trained instanceof CifarResNet)) throw new Error(`expected a CifarResNet, got ${trained.typeName}`)

// What the checkpoint's training held back, this one holds back too.
const { holdBack, seed } = checkpoint.network.data ?? { holdBack: 0.2, seed: 0 }
const { train, validation } = randomSplit(await digits(), holdBack, seed)
const few = byParity(subset(train, [...Array(LEARNED_FROM).keys()]))
const unseen = byParity(validation)
const transforms = [toTensor({ mean: [0.3053], std: [0.376] })]

manualSeed(0)
const lifted = await learn(firstStages(trained), ['trunk'])
console.log(`lifted layers, a new head:  ${lifted} of ${unseen.length} digits`)

manualSeed(0)
const random = await learn(firstStages(new CifarResNet(20, { inChannels: 1 })), ['trunk'])
console.log(`random layers, a new head:  ${random}`)

manualSeed(0)
const whole = await learn(firstStages(new CifarResNet(20, { inChannels: 1 })), [])
console.log(`random layers, all learn:   ${whole}`)
