// Reusing layers of a network with their weights, intermediate features, and parts of a state dict.
import { describe, expect, it } from 'vitest'
import {
  cifar_resnet8,
  compile,
  Conv2d,
  createFeatureExtractor,
  createTrainer,
  Dropout,
  exportOnnx,
  Flatten,
  Linear,
  manualSeed,
  Module,
  rand,
  ReLU,
  resnet18,
  Sequential,
  sgd,
  type ResNet,
  type StateDict,
  type Value
} from 'resnet-ts'
import type { FloatTensor } from 'resnet-ts/functional'
import { findModel, vgg11, type CifarResNet, type VGG } from 'resnet-ts/models'
import { OutputError } from 'resnet-ts/nn'
import { pickPrefix, withoutPrefix } from 'resnet-ts/weights'
import { expectStage, featureGoldens, setStatistics } from './support/model-goldens.js'

const input = ['N', 3, 32, 32] as const
manualSeed(11)
const x = rand([2, 3, 32, 32])

/** A network with non-trivial normalisation statistics. */
function network(): CifarResNet {
  manualSeed(5)
  const net = cifar_resnet8()
  setStatistics(net)
  return net
}

async function run(net: Module, images: FloatTensor = x): Promise<FloatTensor> {
  await using compiled = await compile(net, { input: ['N', ...images.shape.slice(1)] })
  return await compiled(images)
}

/** The outputs of a network's inner modules. */
async function innerOf(net: Module, ...outputs: string[]): Promise<Readonly<Record<string, FloatTensor>>> {
  await using compiled = await compile(net, { input, outputs })
  return await compiled(x)
}

describe('createFeatureExtractor', () => {
  it.each(Object.entries(featureGoldens()))(
    'gives what torchvision’s gives for %s, under names of one’s own',
    async (model, { input: size, features }) => {
      manualSeed(0)
      const net = findModel(model).build({ numClasses: 50 })
      setStatistics(net)
      const nodes = Object.keys(features)
      const extract = createFeatureExtractor(net, Object.fromEntries(nodes.map((node, i) => [node, `f${i}`])))
      await using compiled = await compile(extract, { input: ['N', ...size.slice(1)] })
      manualSeed(1)
      const found = await compiled(rand(size))
      expect(Object.keys(found)).toEqual(nodes.map((_, i) => `f${i}`))
      for (const [i, node] of nodes.entries()) expectStage(`${model} ${node}`, found[`f${i}`], features[node])
    }
  )

  it('follows the weights of the network', async () => {
    const net = network()
    const extract = createFeatureExtractor(net, { layer2: 'half' })
    const before = await compile(extract, { input })
    net.conv1.weight.data = rand(net.conv1.weight.shape)
    const after = await compile(extract, { input })
    const { layer2 } = await innerOf(net, 'layer2')
    expect((await after(x)).half.data).toEqual(layer2.data)
    expect((await before(x)).half.data).not.toEqual(layer2.data)
  })

  it('is exported with its features as outputs', () => {
    const whole = exportOnnx(network(), { input })
    const early = exportOnnx(createFeatureExtractor(network(), { layer1: 'early' }), { input })
    expect(early.length).toBeLessThan(whole.length / 3)
    expect(new TextDecoder('latin1').decode(early)).toContain('early')
  })

  it('trains as a part of another network', async () => {
    class Detector extends Module {
      backbone = createFeatureExtractor(network(), { layer1: 'fine', layer2: 'half' })
      head = new Sequential(new Flatten(), new Linear(32 * 16 * 16, 2))
      forward(images: Value): Value {
        return this.head(this.backbone.features(images).half)
      }
    }
    const net = new Detector()
    const trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.1 }) })
    const before = await trainer.stateDict()
    await trainer.step({ images: x, labels: Int32Array.of(0, 1) })
    const after = await trainer.stateDict()
    const changed = [...after.keys()].filter(
      key => String(before.get(key)?.data) !== String(after.get(key)?.data)
    )
    expect(changed).toContain('backbone.layer2.0.conv2.weight')
    expect(changed).toContain('backbone.layer1.0.bn1.running_mean')
    expect(changed.filter(key => /layer3|fc/u.test(key))).toEqual([])
    await trainer.dispose()
  })

  it('refuses the same names as the outputs of compile', async () => {
    expect(() => createFeatureExtractor(resnet18(), ['layer5'])).toThrow(OutputError)
    await expect(compile(resnet18(), { input, outputs: ['layer5'] })).rejects.toThrow(
      "outputs: ResNet has no module named 'layer5'; did you mean layer4, layer3 or layer2?"
    )
  })
})

/** A network up to its pooling, and its head on given features. */
class Halves extends Module {
  net: CifarResNet | ResNet | VGG
  preLogits: boolean
  constructor(net: CifarResNet | ResNet | VGG, { preLogits = false } = {}) {
    super()
    this.net = net
    this.preLogits = preLogits
  }
  forward(images: Value): Value {
    return this.net.forwardHead(this.net.forwardFeatures(images), { preLogits: this.preLogits })
  }
}

class Features extends Halves {
  override forward(images: Value): Value {
    return this.net.forwardFeatures(images)
  }
}

describe('forwardFeatures and forwardHead', () => {
  it.each([
    ['cifar_resnet8', network, 'layer3', 'avgpool'],
    ['resnet18', (): ResNet => resnet18({ numClasses: 7 }), 'layer4', 'avgpool'],
    ['vgg11', (): VGG => small(vgg11({ numClasses: 7 })), 'features', 'classifier.5']
  ])('are the two halves of %s', async (_, build, last, beforeLogits) => {
    const net = build()
    const inner = await innerOf(net, last, beforeLogits)
    const features = await run(new Features(net))
    expect([features.shape, features.data]).toEqual([inner[last].shape, inner[last].data])
    expect((await run(new Halves(net))).data).toEqual(inner.logits.data)
    const preLogits = await run(new Halves(net, { preLogits: true }))
    expect(preLogits.shape).toEqual([2, inner[beforeLogits].data.length / 2])
    expect(preLogits.data).toEqual(inner[beforeLogits].data)
  })
})

/** A VGG with narrow fully connected layers; the original ones have a hundred million parameters. */
function small(net: VGG): VGG {
  net.classifier = new Sequential(
    new Linear(512 * 7 * 7, 8),
    new ReLU(),
    new Dropout(),
    new Linear(8, 8),
    new ReLU(),
    new Dropout(),
    new Linear(8, 7)
  )
  return net
}

describe('lifted layers', () => {
  it.each([
    ['by name', 'layer1', (n: CifarResNet): Module => new Sequential(n.conv1, n.bn1, n.relu, n.layer1)],
    ['by place', 'layer3', (n: CifarResNet): Module => new Sequential(...[...n.children()].slice(0, -2))],
    [
      'with an activation in two places',
      'layer1.0.bn1',
      ({ conv1, bn1, relu, layer1 }: CifarResNet): Module => {
        const [block] = layer1.children() as unknown as { conv1: Module; bn1: Module }[]
        return new Sequential(conv1, bn1, relu, block.conv1, block.bn1)
      }
    ]
  ])('compute what they computed: %s', async (_, name, lift) => {
    const net = network()
    const inner = await innerOf(net, name)
    expect((await run(lift(net))).data).toEqual(inner[name].data)
  })

  it('are shared with the network: mode, freezing and values', () => {
    const net = network()
    const trunk = new Sequential(net.conv1, net.bn1, net.relu, net.layer1)
    trunk.eval().requiresGrad(false)
    expect([net.bn1.training, net.conv1.weight.requiresGrad, net.layer2.training]).toEqual([
      false,
      false,
      true
    ])
    net.conv1.weight.data = rand(net.conv1.weight.shape)
    expect(trunk.stateDict().get('0.weight')).toBe(net.stateDict().get('conv1.weight'))
  })

  it('train in both networks', async () => {
    const net = network()
    const before = [...net.conv1.weight.data.data]
    const own = new Sequential(
      net.conv1,
      net.bn1,
      net.relu,
      net.layer1,
      new Flatten(),
      new Linear(16 * 32 * 32, 2)
    )
    const trainer = await createTrainer(own, { optimizer: sgd({ lr: 0.1 }) })
    await trainer.step({ images: x, labels: Int32Array.of(0, 1) })
    own.loadStateDict(await trainer.stateDict())
    await trainer.dispose()
    expect([...net.conv1.weight.data.data]).not.toEqual(before)
    const trunk = own.slice(0, 4)
    expect((await run(trunk)).data).toEqual((await innerOf(net, 'layer1')).layer1.data)
  })
})

describe('Sequential.slice', () => {
  const whole = new Sequential(
    new Conv2d(3, 4, 1),
    new ReLU(),
    new Flatten(),
    new Linear(4 * 32 * 32, 2)
  ).eval()

  it('keeps names, weights and mode', () => {
    const part = whole.slice(1, 4)
    expect([...part.namedChildren()].map(([name]) => name)).toEqual(['1', '2', '3'])
    expect(part.stateDict().get('3.weight')).toBe(whole.stateDict().get('3.weight'))
    expect([part.training, part.at(0)]).toEqual([false, whole.at(1)])
    expect(String(part)).toBe(
      'Sequential(\n  (1): ReLU()\n  (2): Flatten(start_dim=1, end_dim=-1)\n  (3): Linear(in_features=4096, out_features=2, bias=True)\n)'
    )
  })

  it.each([
    [
      [undefined, -2],
      ['0', '1']
    ],
    [
      [-2, undefined],
      ['2', '3']
    ],
    [
      [2, 99],
      ['2', '3']
    ],
    [[3, 1], []]
  ] as const)('%j', ([from, to], names) => {
    expect([...whole.slice(from, to).namedChildren()].map(([name]) => name)).toEqual(names)
  })

  it('cuts a computation in two', async () => {
    const { logits, 2: flat } = await innerOf(whole, '2')
    expect((await run(whole.slice(0, -1))).data).toEqual(flat.data)
    await using rest = await compile(whole.slice(-1), { input: ['N', 4096] })
    expect((await rest(flat)).data).toEqual(logits.data)
  })
})

describe('parts of a state dict', () => {
  const saved = (prefix: string, net: Module): StateDict =>
    new Map(Array.from(net.stateDict(), ([key, value]) => [prefix + key, value]))

  it('load into a network, or into a part of one', async () => {
    const net = network()
    const whole = cifar_resnet8()
    whole.loadStateDict(withoutPrefix(saved('module.', net), 'module.'))
    expect((await run(whole)).data).toEqual((await run(net)).data)

    const stage = cifar_resnet8()
    stage.layer2.loadStateDict(pickPrefix(saved('backbone.', net), 'backbone.layer2.'))
    expect([...stage.layer2.stateDict()]).toEqual([...net.layer2.stateDict()])
    expect(stage.conv1.weight.data).not.toEqual(net.conv1.weight.data)
  })

  it('report the missing prefix', () => {
    const state = new Map([...saved('model.', network()), ['epoch', rand([1])] as const])
    expect(() => cifar_resnet8().loadStateDict(state)).toThrow(
      "The state dict does not fit CifarResNet, but what is behind 'model.' has its names (pickPrefix picks it"
    )
    expect(() => cifar_resnet8().loadStateDict(new Map())).toThrow(
      'The state dict does not fit CifarResNet:\n'
    )
    cifar_resnet8().loadStateDict(pickPrefix(state, 'model'))
  })
})
