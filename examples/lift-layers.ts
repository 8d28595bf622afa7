// Reuses layers of a trained network, with their weights, under a new head.
//
// The bundled network recognises digits. Its first two stages are frozen and put into a new network, whose small head
// learns from 200 digits to tell even from odd ones. The same network with random layers shows what the pretrained ones
// contribute. Both are evaluated on held-out digits.
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

/** A given trunk, and a head to train. */
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

/** A network up to its second stage. The layers are shared, not copied. */
function firstStages({ conv1, bn1, relu, layer1, layer2 }: CifarResNet): Sequential {
  return new Sequential(conv1, bn1, relu, layer1, layer2)
}

/** The same images, labelled even or odd. */
function byParity(dataset: Dataset): Dataset {
  return { ...dataset, classes: ['even', 'odd'], labels: dataset.labels.map(label => label % 2) }
}

/** Trains what is not frozen, and returns the accuracy on held-out digits. */
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

// The same held-out digits as in the training of the checkpoint.
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
