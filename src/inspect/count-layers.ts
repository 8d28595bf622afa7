// Why ResNet-18 is called 18: the layers with weights on the way from the image to the classes, added up stage by stage.
// What stands beside them is not counted, as the papers do not: projections and gates on the shortcuts (arXiv:1512.03385,
// table 1), attention; and three convolutions in the place of the first one (ResNet-D) count as that one.
import { CifarPreActResNet } from '../models/cifar-preact-resnet.js'
import { CifarResNet } from '../models/cifar-resnet.js'
import { PreActResNet } from '../models/preact-resnet.js'
import { ResidualBlock } from '../models/residual-block.js'
import { ResNet } from '../models/resnet.js'
import { VGG } from '../models/vgg.js'
import { Conv2d } from '../nn/layers/conv2d.js'
import { Linear } from '../nn/layers/linear.js'
import type { Sequential } from '../nn/layers/sequential.js'
import { MaxPool2d } from '../nn/layers/pooling.js'
import type { Module } from '../nn/module.js'

/** A number of layers, and how it comes about. */
export interface LayerCount {
  readonly total: number
  /** Ways to write the sum, the most explicit first. */
  readonly sums: readonly string[]
}

/** Counts the layers with weights (convolutions and linear layers) that give a network its name. */
export function countLayers(net: Module): LayerCount {
  if (net instanceof ResNet || net instanceof PreActResNet) {
    return countStages([net.layer1, net.layer2, net.layer3, net.layer4])
  }
  if (net instanceof CifarResNet || net instanceof CifarPreActResNet) return countCifarResNet(net)
  if (net instanceof VGG) return countVGG(net)
  const convolutions = countOf(net.modules(), Conv2d)
  const linear = countOf(net.modules(), Linear)
  const total = convolutions + linear
  return { total, sums: [`${total} = ${convolutions} (convolutions) + ${linear} (linear)`] }
}

/** The papers' 6n + 2, or 9n + 2 with bottlenecks. */
function countCifarResNet({ layer1, layer2, layer3 }: CifarResNet | CifarPreActResNet): LayerCount {
  const { total, sums } = countStages([layer1, layer2, layer3])
  return { total, sums: [...sums, `${total} = ${3 * layersPerBlock(layer1)}·${layer1.length} + 2`] }
}

/** A convolution, stages of blocks, a linear layer. */
function countStages(layers: readonly Sequential[]): LayerCount {
  const stages = layers.map(stage => ({ blocks: stage.length, perBlock: layersPerBlock(stage) }))
  const total = 1 + stages.reduce((sum, { blocks, perBlock }) => sum + blocks * perBlock, 0) + 1
  const explicit = stages.map(({ blocks, perBlock }) => `${blocks}·${perBlock}`).join(' + ')
  const blocks = stages.map(stage => stage.blocks).join('+')
  return {
    total,
    sums: [
      `${total} = 1 (conv1) + ${explicit} + 1 (fc)`,
      `${total} = 1 + (${blocks})·${stages[0].perBlock} + 1`
    ]
  }
}

function layersPerBlock(stage: Sequential): number {
  const block = stage.at(0)
  if (!(block instanceof ResidualBlock)) return 0
  // A gate is a convolution of a block, too, but none of F.
  return [...block.namedChildren()].filter(([name]) => /^conv\d$/.test(name)).length
}

function countVGG({ features, classifier }: VGG): LayerCount {
  const stages: number[] = [0]
  for (const layer of features) {
    if (layer instanceof Conv2d) stages[stages.length - 1]++
    else if (layer instanceof MaxPool2d) stages.push(0)
  }
  const convolutions = stages.filter(count => count > 0)
  const linear = countOf(classifier, Linear)
  const total = convolutions.reduce((sum, count) => sum + count, linear)
  return { total, sums: [`${total} = ${convolutions.join(' + ')} (features) + ${linear} (classifier)`] }
}

function countOf(modules: Iterable<Module>, type: abstract new (...args: never) => Module): number {
  return [...modules].filter(module => module instanceof type).length
}
