// Adds shortcuts to a plain network, keeping its layers and weights.
import { checkArguments, checkOptions, instanceOf, oneOf } from '../../base/options.js'
import { ReLU } from '../layers/activation.js'
import { Conv2d } from '../layers/convolution.js'
import { Normalisation } from '../layers/normalisation.js'
import { probeBody } from '../layers/probe-body.js'
import { Residual } from '../layers/residual.js'
import { Sequential } from '../layers/containers.js'
import { Module } from '../module/module.js'
import { containerLike, isChain, isNumbered, withChildren } from './with-children.js'

/** Options of `residualize`. */
export interface ResidualizeOptions {
  /** Shortcut where two layers change the shape: option A or B of `Residual`; default none. B draws new weights. */
  readonly shortcut?: 'A' | 'B'
}

/**
 * Puts a shortcut around every two convolutions in a row: convolution, activation, convolution, each normalised or not,
 * become the body of a `Residual`; a following activation stays after the sum. Runs are taken greedily from the first
 * layer on. `plainTwin` is the inverse.
 *
 * Layers are shared, not copied. Nested sequences are converted too; existing `Residual`s are kept, and where nothing fits
 * the network itself is returned.
 * @throws ResnetError when a module around them cannot be copied: it has `#private` fields or a `forward` that is a field.
 * @example
 * const net = residualize(vgg16_bn())
 */
export function residualize<M extends Module>(net: M, options: ResidualizeOptions = {}): M {
  checkOptions('residualize', options, { shortcut: oneOf('A', 'B') })
  checkArguments('residualize', { net }, { net: instanceOf(Module) })
  const done = new Map<Module, Module>()
  const visit = <N extends Module>(module: N): N => {
    const made = done.get(module) ?? rewrite(module)
    done.set(module, made)
    return made as N
  }
  const rewrite = (module: Module): Module => {
    if (module instanceof Residual) return module
    const inside = withChildren(module, visit)
    return isChain(inside) ? residualizeSequence(inside, options) : inside
  }
  return visit(net)
}

function residualizeSequence(sequence: Sequential, options: ResidualizeOptions): Sequential {
  const layers = [...sequence.namedChildren()]
  const result: (readonly [string, Module])[] = []
  let at = 0
  while (at < layers.length) {
    const end = endOfRun(layers, at)
    const residual = end && wrap(sequence, layers.slice(at, end), options)
    result.push(residual ? [layers[at][0], residual] : layers[at])
    at = residual ? end : at + 1
  }
  return result.length === layers.length ? sequence : containerLike(sequence, result)
}

/** The end of a run of two convolutions that starts at a layer, if there is one. */
function endOfRun(layers: readonly (readonly [string, Module])[], start: number): number | undefined {
  const middle = endOfConvolution(layers, start)
  if (middle === undefined || !(layers.at(middle)?.[1] instanceof ReLU)) return undefined
  return endOfConvolution(layers, middle + 1)
}

/** The index after a convolution and its normalisation. */
function endOfConvolution(layers: readonly (readonly [string, Module])[], at: number): number | undefined {
  if (!(layers.at(at)?.[1] instanceof Conv2d)) return undefined
  return layers.at(at + 1)?.[1] instanceof Normalisation ? at + 2 : at + 1
}

/** The layers as the body of a `Residual`; undefined where no shortcut fits. */
function wrap(
  sequence: Sequential,
  layers: readonly (readonly [string, Module])[],
  { shortcut }: ResidualizeOptions
): Residual | undefined {
  const inOrder = layers.map(([, layer]) => layer)
  const shape = probeBody(new Sequential(...inOrder))
  if (!shape) return undefined
  const [{ inChannels }, { outChannels }] = inOrder.filter(layer => layer instanceof Conv2d)
  // A single channel would broadcast to all of x's, which the next layer does not accept.
  const fits = shape.addsToInput && inChannels === outChannels
  if (!fits && (shortcut === undefined || (shortcut === 'A' && outChannels < inChannels))) return undefined
  const body = new Sequential(...(isNumbered(sequence) ? inOrder : [Object.fromEntries(layers)]))
  const { stride } = shape
  const residual = new Residual(body, fits ? {} : { shortcut, inChannels, outChannels, stride })
  // New modules have the mode of their sequence; layers keep theirs.
  residual.training = sequence.training
  body.training = sequence.training
  residual.shortcut?.train(sequence.training)
  return residual
}
