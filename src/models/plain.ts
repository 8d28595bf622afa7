// A residual network made traditional: the same layers with the same weights, and no shortcuts.
import { Residual } from '../nn/layers/residual.js'
import { Sequential } from '../nn/layers/sequential.js'
import type { Module } from '../nn/module.js'
import { copyWith, isNumbered, containerLike, withChildren } from '../nn/with-children.js'
import { noShortcut, ResidualBlock } from './resnet/residual-block.js'
import { GateBlock } from './resnet/skip-blocks.js'

/**
 * The plain twin of any network: a `Residual` becomes its body, F(x) + x becomes F(x), and blocks of this package leave
 * out their shortcuts. A `Gated`, whose shortcut is all it does, stays.
 *
 * Layers are shared with the network, not copied; what holds them is copied where something in it changes. In a
 * `Sequential`, the layers of a body that is a `Sequential` stand in the place of the `Residual`, so that
 * `plain(residualize(net))` prints and computes what `net` does.
 * @example
 * const twin = plainTwin(resnet34()) // the layers of resnet34({ residual: false }), with the weights of the first
 */
export function plainTwin(net: Module): Module {
  const done = new Map<Module, Module>()
  const visit = (module: Module): Module => {
    const made = done.get(module) ?? rewrite(module)
    done.set(module, made)
    return made
  }
  const rewrite = (module: Module): Module => {
    if (module instanceof Residual) return visit(module.body)
    if (module instanceof Sequential) return plainSequence(module, visit)
    return withChildren(module instanceof ResidualBlock ? withoutShortcut(module) : module, visit)
  }
  return visit(net)
}

function withoutShortcut(block: ResidualBlock): ResidualBlock {
  if (!block.residual) return block
  const besideF = ['stochastic_depth', ...(block instanceof GateBlock ? ['gate'] : [])]
  const absent = besideF.filter(name => name in block).map(name => [name, undefined] as const)
  return copyWith(block, { downsample: noShortcut, ...Object.fromEntries(absent) })
}

function isMere(module: Module): module is Sequential {
  return module instanceof Sequential && module.forward === Sequential.prototype.forward
}

function plainSequence(sequence: Sequential, visit: (module: Module) => Module): Sequential {
  const layers = Array.from(sequence.namedChildren(), ([name, layer]) => {
    const now = visit(layer)
    // A sequence with a forward of its own does more than its layers.
    const isSpliced = layer instanceof Residual && isMere(now)
    return { layer, own: [name, now] as const, inner: isSpliced ? [...now.namedChildren()] : undefined }
  })
  if (layers.every(({ layer, own }) => own[1] === layer)) return sequence
  const spliced = layers.flatMap(({ own, inner }) => inner ?? [own])
  const areNamesFree = new Set(spliced.map(([name]) => name)).size === spliced.length
  return containerLike(
    sequence,
    areNamesFree || isNumbered(sequence) ? spliced : layers.map(({ own }) => own)
  )
}
