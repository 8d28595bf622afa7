// Why ResNet-18 is called 18: the layers with weights on the way from the image to the classes, added up stage by stage.
// What stands beside them is not counted, as the papers do not: projections and gates on the shortcuts (arXiv:1512.03385,
// table 1), attention; and three convolutions in the place of the first one (ResNet-D) count as that one.
import { CifarPreActResNet } from '../models/preact/cifar-preact-resnet.js'
import { CifarResNet } from '../models/resnet/cifar-resnet.js'
import { PreActResNet } from '../models/preact/preact-resnet.js'
import { ResidualBlock } from '../models/resnet/residual-block.js'
import { ResNet } from '../models/resnet/resnet.js'
import { VGG } from '../models/vgg/vgg.js'
import { Conv2d } from '../nn/layers/conv2d.js'
import { Linear } from '../nn/layers/linear.js'
import type { Sequential } from '../nn/layers/sequential.js'
import { MaxPool2d } from '../nn/layers/pooling.js'
import type { Module } from '../nn/module.js'

/** A number of layers, and how it comes about. */
export interface LayerCount {
  readonly total: number
  /** What is added up, in the network's order. */
  readonly terms: readonly LayerTerm[]
  /** Ways to write the sum, the most explicit first. */
  readonly sums: readonly string[]
}

/** What one part of a network adds to the number of its layers. */
export interface LayerTerm {
  /** The part: `conv1`, `layer1`, `fc`. */
  readonly name: string
  readonly count: number
  /** How the count comes about: `1`, or `2·2` for two blocks of two layers. */
  readonly written: string
  /** The dotted names of the layers that are counted; of several that count as one, the module that holds them. */
  readonly layers: readonly string[]
}

/** Counts the layers with weights (convolutions and linear layers) that give a network its name. */
export function countLayers(net: Module): LayerCount {
  if (net instanceof ResNet || net instanceof PreActResNet) {
    const { layer1, layer2, layer3, layer4 } = net
    return countStages({ layer1, layer2, layer3, layer4 })
  }
  if (net instanceof CifarResNet || net instanceof CifarPreActResNet) return countCifarResNet(net)
  if (net instanceof VGG) return countVGG(net)
  const terms = [term('convolutions', layersOf(net, Conv2d)), term('linear', layersOf(net, Linear))]
  return { terms, ...inWords(terms, ({ name, count }) => `${count} (${name})`) }
}

/** The papers' 6n + 2, or 9n + 2 with bottlenecks. */
function countCifarResNet({ layer1, layer2, layer3 }: CifarResNet | CifarPreActResNet): LayerCount {
  const { total, terms, sums } = countStages({ layer1, layer2, layer3 })
  const short = `${total} = ${3 * layersPerBlock(layer1)}·${layer1.length} + 2`
  return { total, terms, sums: [...sums, short] }
}

/** A convolution, stages of blocks, a linear layer. */
function countStages(stages: Readonly<Record<string, Sequential>>): LayerCount {
  const inStages = Object.entries(stages).map(([name, stage]): LayerTerm => {
    const layers = [...stage.namedChildren()].flatMap(([place, block]) =>
      countedIn(block).map(layer => `${name}.${place}.${layer}`)
    )
    return { name, count: layers.length, written: `${stage.length}·${layersPerBlock(stage)}`, layers }
  })
  const terms = [term('conv1', ['conv1']), ...inStages, term('fc', ['fc'])]
  const { total, sums } = inWords(terms, ({ name, written }) =>
    name in stages ? written : `${written} (${name})`
  )
  const all = Object.values(stages)
  const short = `${total} = 1 + (${all.map(stage => stage.length).join('+')})·${layersPerBlock(all[0])} + 1`
  return { total, terms, sums: [...sums, short] }
}

function term(name: string, layers: readonly string[]): LayerTerm {
  return { name, count: layers.length, written: String(layers.length), layers }
}

function inWords(
  terms: readonly LayerTerm[],
  write: (term: LayerTerm) => string
): Pick<LayerCount, 'total' | 'sums'> {
  const total = terms.reduce((sum, { count }) => sum + count, 0)
  return { total, sums: [`${total} = ${terms.map(write).join(' + ')}`] }
}

function layersPerBlock(stage: Sequential): number {
  const block = stage.at(0)
  return block ? countedIn(block).length : 0
}

/** The layers of a block's F; a gate is a convolution of a block, too, but none of F. */
function countedIn(block: Module): string[] {
  if (!(block instanceof ResidualBlock)) return []
  return [...block.namedChildren()].map(([name]) => name).filter(name => /^conv\d$/.test(name))
}

function countVGG({ features, classifier }: VGG): LayerCount {
  const stages: string[][] = [[]]
  for (const [name, layer] of features.namedChildren()) {
    if (layer instanceof Conv2d) stages[stages.length - 1].push(`features.${name}`)
    else if (layer instanceof MaxPool2d) stages.push([])
  }
  const convolutions = stages.filter(layers => layers.length > 0)
  const linear = layersOf(classifier, Linear).map(name => `classifier.${name}`)
  const terms = [...convolutions.map(layers => term('features', layers)), term('classifier', linear)]
  const total = terms.reduce((sum, { count }) => sum + count, 0)
  const written = convolutions.map(layers => layers.length).join(' + ')
  return { total, terms, sums: [`${total} = ${written} (features) + ${linear.length} (classifier)`] }
}

function layersOf(net: Module, type: abstract new (...args: never) => Module): string[] {
  return Array.from(net.namedModules())
    .filter(([, module]) => module instanceof type)
    .map(([name]) => name)
}
