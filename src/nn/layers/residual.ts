// Residual and gated connections around any body.
import {
  checkOptions,
  either,
  instanceOf,
  oneOf,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import { add, mul } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { Module } from '../module.js'
import { BatchNorm2d } from './batch-norm2d.js'
import { Conv2d } from './conv2d.js'
import { Linear } from './linear.js'
import { PaddedIdentity } from './padded-identity.js'
import { channelsInto, probeBody, type BodyShape } from './probe-body.js'
import { Sequential } from './sequential.js'

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
  readonly body: Module

  constructor(body: Module) {
    super()
    this.body = body
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
