// The two ways to wrap a function around its input: add it back, with a projection where the shape changes, or let it
// gate.
import { checkOptions, either, instanceOf, oneOf, positiveInteger, type Checks } from '../../base/options.js'
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

/** What carries x past the body. */
export interface ResidualOptions {
  /**
   * The paper's options (arXiv:1512.03385, section 3.3): `'B'`, the default, is the identity where the shapes agree and
   * a 1×1 convolution with normalisation where they do not; `'A'` pads with channels of zeros instead, and has no
   * parameters; `'C'` always projects. Or a module of one's own.
   */
  readonly shortcut?: 'A' | 'B' | 'C' | Module
  /** Channels of x; by default the body's first layer says it. */
  readonly inChannels?: number
  /** Channels of F(x); by default found by tracing the body. */
  readonly outChannels?: number
  /** By how much F(x) is smaller than x; by default found by tracing the body. */
  readonly stride?: number
}

const OPTIONS: Checks<ResidualOptions> = {
  shortcut: either(oneOf('A', 'B', 'C'), instanceOf<Module>(Module)),
  inChannels: positiveInteger,
  outChannels: positiveInteger,
  stride: positiveInteger
}

/**
 * `F(x) + x`: the body learns a residual, and the gradient reaches x undiminished (He et al. 2015).
 *
 * Where the body changes channels or size, the shortcut is projected. What the body does is learnt by tracing it once
 * with a symbol; where that tells nothing (it is made for one size only, say) x is added as it is, unless `inChannels`,
 * `outChannels` and `stride` say more. Where F(x) stretches to x's shape, nothing has to be projected.
 *
 * Shape: x → F(x)'s.
 * @example
 * new Residual(new Sequential(new Conv2d(16, 32, 3, { stride: 2, padding: 1 }), new ReLU())) // projects 16 → 32, stride 2
 */
export class Residual extends Module {
  readonly body: Module
  readonly shortcut: Module | undefined

  /** @throws ResnetError for option C where the channels are not known, and for option A with fewer channels than before. */
  constructor(body: Module, options: ResidualOptions = {}) {
    super()
    const { shortcut = 'B', ...known } = checkOptions(new.target.name, options, OPTIONS)
    this.body = body
    this.shortcut = shortcut instanceof Module ? shortcut : carry(body, shortcut, known)
  }

  /** @throws ShapeError that names both branches where they cannot be added. */
  forward(x: Value): Value {
    const identity = this.shortcut ? this.shortcut(x) : x
    return add(this.body(x), identity) // F(x) + x
  }
}

/** `F(x) · x`: the body computes how much of each element passes, which is attention in its simplest form. */
export class Gated extends Module {
  readonly body: Module

  constructor(body: Module) {
    super()
    this.body = body
  }

  /** @throws ShapeError that names both branches where they cannot be multiplied. */
  forward(x: Value): Value {
    return mul(this.body(x), x) // F(x) · x
  }
}

type Known = Omit<ResidualOptions, 'shortcut'>

/** What carries x to the shape of F(x); nothing for the identity. */
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

/** What the body does to the shape: as the options say, and as tracing finds where they do not. */
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
