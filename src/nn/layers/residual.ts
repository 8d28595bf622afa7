// Residual and gated connections around any body.
import { counted } from '../../base/figures.js'
import {
  checkArguments,
  checkOptions,
  either,
  instanceOf,
  oneOf,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import { add, mul, pad, slice } from '../../ir/functional/index.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { Module } from '../module/module.js'
import { BatchNorm2d } from './normalisation.js'
import { Conv2d } from './convolution.js'
import { Linear } from './linear.js'
import { channelsInto, probeBody, type BodyShape } from './probe-body.js'
import { Sequential } from './containers.js'

const OPTIONS = {
  /**
   * The paper's options (arXiv:1512.03385, section 3.3): `'B'`, the default, projects by a 1×1 convolution with
   * normalisation where shapes differ; `'A'` pads with zero channels; `'C'` always projects. Or a module of your own.
   */
  shortcut: either(oneOf('A', 'B', 'C'), instanceOf<Module>(Module)),
  /** Channels of x; default those of the body's first layer. */
  inChannels: positiveInteger,
  /** Channels of F(x); default found by tracing the body. */
  outChannels: positiveInteger,
  /** Downsampling factor of F; default found by tracing the body. */
  stride: positiveInteger
}

/** Options of `Residual`. */
export interface ResidualOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * `F(x) + x`: the body learns a residual (He et al. 2015).
 *
 * Where the body changes channels or size, the shortcut is projected. The body is traced once to find out; if that fails
 * (it may accept one size only) x is added unchanged, unless `inChannels`, `outChannels` and `stride` are given. Nothing is
 * projected where F(x) broadcasts to x's shape.
 *
 * Shape: x → F(x)'s.
 * @example
 * new Residual(new Sequential(new Conv2d(16, 32, 3, { stride: 2, padding: 1 }), new ReLU())) // projects 16 → 32, stride 2
 */
export class Residual extends Module {
  readonly body: Module
  readonly shortcut: Module | undefined

  /** @throws ResnetError for option C with unknown channels, and for option A with fewer output channels. */
  constructor(body: Module, options: ResidualOptions = {}) {
    super()
    const { shortcut = 'B', ...known } = checkOptions(new.target.name, options, OPTIONS)
    checkArguments(new.target.name, { body }, { body: instanceOf(Module) })
    this.body = body
    this.shortcut = shortcut instanceof Module ? shortcut : carry(body, shortcut, known)
  }

  /** @throws ShapeError naming both branches where they cannot be added. */
  forward(x: Value): Value {
    const identity = this.shortcut ? this.shortcut(x) : x
    return add(this.body(x), identity) // F(x) + x
  }

  /** The body; `plainTwin` uses this. */
  withoutShortcut(): Module {
    return this.body
  }
}

/** `F(x) · x`: the body gates each element, the simplest form of attention. */
export class Gated extends Module {
  constructor(readonly body: Module) {
    super()
    checkArguments(new.target.name, { body }, { body: instanceOf(Module) })
  }

  /** @throws ShapeError naming both branches where they cannot be multiplied. */
  forward(x: Value): Value {
    return mul(this.body(x), x) // F(x) · x
  }

  /** The body; `plainTwin` uses this. */
  withoutShortcut(): Module {
    return this.body
  }
}

const PLANES = { inPlanes: positiveInteger, outPlanes: positiveInteger }

/**
 * The shortcut of option A: every `stride`-th pixel, with zero channels padded on both sides. It has no parameters. Also
 * takes features (N, inPlanes).
 *
 * Shape: (N, inPlanes, H, W) → (N, outPlanes, ⌈H / stride⌉, ⌈W / stride⌉), or (N, inPlanes) → (N, outPlanes).
 */
export class PaddedIdentity extends Module {
  readonly inPlanes: number
  readonly outPlanes: number
  readonly stride: number

  /** @throws ResnetError for fewer output channels than input channels. */
  constructor(inPlanes: number, outPlanes: number, options: { readonly stride?: number } = {}) {
    super()
    const { stride = 1 } = checkOptions(new.target.name, options, { stride: positiveInteger })
    checkArguments(new.target.name, { inPlanes, outPlanes }, PLANES)
    if (outPlanes < inPlanes) {
      throw new ResnetError(
        `PaddedIdentity: ${counted(inPlanes, 'channel', 'channels')} cannot be padded to ${outPlanes}; a projection (option B) can`
      )
    }
    this.inPlanes = inPlanes
    this.outPlanes = outPlanes
    this.stride = stride
  }

  forward(x: Value): Value {
    const imageAxes = x.shape.slice(2).map((_, axis) => axis + 2)
    const pixels = imageAxes.reduce((image, axis) => slice(image, axis, 0, Infinity, this.stride), x)
    const missing = this.outPlanes - this.inPlanes
    const before = Math.floor(missing / 2)
    return pad(pixels, [...imageAxes.flatMap(() => [0, 0]), before, missing - before])
  }

  override extraRepr(): string {
    return `${this.inPlanes}, ${this.outPlanes}, stride=${this.stride}`
  }
}

type Known = Omit<ResidualOptions, 'shortcut'>

/** The projection of x to F(x)'s shape; undefined for the identity. */
function carry(body: Module, option: 'A' | 'B' | 'C', known: Known): Module | undefined {
  const shape = shapeOf(body, known)
  if (!shape) {
    if (option !== 'C') return undefined
    throw new ResnetError(
      "Residual: shortcut 'C' projects, but the body does not tell its channels: give inChannels and outChannels"
    )
  }
  if (shape.addsToInput && option !== 'C') return undefined
  const { kind, inChannels, outChannels, stride } = shape
  if (option === 'A') return new PaddedIdentity(inChannels, outChannels, { stride })
  if (kind === 'features') return new Linear(inChannels, outChannels, { bias: false })
  const projection = new Conv2d(inChannels, outChannels, 1, { stride, bias: false })
  return new Sequential(projection, new BatchNorm2d(outChannels))
}

/** How the body changes the shape: from the options, or else by tracing. */
function shapeOf(body: Module, known: Known): BodyShape | undefined {
  const { inChannels, outChannels, stride } = known
  const found = probeBody(body, inChannels)
  if (outChannels === undefined && stride === undefined) return found
  const from = inChannels ?? channelsInto(body)?.channels
  const to = outChannels ?? found?.outChannels ?? from
  if (from === undefined || to === undefined) return undefined
  const said = { inChannels: from, outChannels: to, stride: stride ?? found?.stride ?? 1 }
  return { kind: found?.kind ?? 'images', ...said, addsToInput: from === to && said.stride === 1 }
}
