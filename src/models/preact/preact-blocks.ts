// Full pre-activation blocks of Identity Mappings in Deep Residual Networks (He, Zhang, Ren, Sun 2016, arXiv:1603.05027,
// figure 4e): normalisation and activation precede each convolution, so x passes from sum to sum unchanged.
import { aBoolean, checkOptions, type OptionsOf } from '../../base/options.js'
import { add } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { ReLU } from '../../nn/layers/activation.js'
import type { Conv2d } from '../../nn/layers/convolution.js'
import type { Module } from '../../nn/module/module.js'
import {
  batchNorm,
  BLOCK_OPTIONS,
  conv1x1,
  conv3x3,
  noShortcut,
  ResidualBlock,
  type Shortcut
} from '../resnet/residual-block.js'

const { stride, downsample, residual, normLayer } = BLOCK_OPTIONS

const OPTIONS = {
  stride,
  downsample,
  residual,
  normLayer,
  /**
   * Whether the shortcut carries the activated x; default if `downsample` is given. Also in a network's first block ("before
   * splitting into two paths", the paper's appendix).
   */
  activatesShortcut: aBoolean
}

/** Options of pre-activation blocks. */
export interface PreActBlockOptions extends OptionsOf<typeof OPTIONS> {}

abstract class PreActBlock extends ResidualBlock {
  abstract readonly bn1: Module
  abstract readonly relu: ReLU
  abstract readonly activatesShortcut: boolean

  /** F without the first activation. */
  protected abstract convolve(activated: Value): Value

  forward(x: Value): Value {
    const activated = this.relu(this.bn1(x))
    const way = this.activatesShortcut ? activated : x
    const identity = this.downsample ? this.downsample(way) : way

    const out = this.refine(this.convolve(activated))

    return add(out, identity) // F(x) + x
  }
}

/** Normalisation, activation and 3×3 convolution, twice, and a shortcut. */
export class PreActBasicBlock extends PreActBlock {
  /** Output channels per plane. */
  static readonly expansion = 1

  readonly bn1: Module
  readonly conv1: Conv2d
  readonly bn2: Module
  readonly conv2: Conv2d
  readonly relu = new ReLU({ inplace: true })
  readonly downsample: Shortcut | undefined
  stochastic_depth: Module | undefined
  readonly activatesShortcut: boolean

  constructor(inPlanes: number, planes: number, options: PreActBlockOptions = {}) {
    super()
    checkOptions(new.target.name, options, OPTIONS)
    const { stride = 1, downsample, residual = true, normLayer = batchNorm } = options
    this.bn1 = normLayer(inPlanes)
    this.conv1 = conv3x3(inPlanes, planes, { stride })
    this.bn2 = normLayer(planes)
    this.conv2 = conv3x3(planes, planes)
    this.downsample = residual ? downsample : noShortcut
    this.activatesShortcut = options.activatesShortcut ?? downsample !== undefined
  }

  protected convolve(activated: Value): Value {
    const out = this.conv1(activated)
    return this.conv2(this.relu(this.bn2(out)))
  }

  zeroInitLast(): void {
    this.startAtZero(this.conv2)
  }
}

/** Normalisation, activation and convolution 1×1, 3×3 and 1×1, and a shortcut. */
export class PreActBottleneck extends PreActBlock {
  /** Output channels per plane. */
  static readonly expansion = 4

  readonly bn1: Module
  readonly conv1: Conv2d
  readonly bn2: Module
  readonly conv2: Conv2d
  readonly bn3: Module
  readonly conv3: Conv2d
  readonly relu = new ReLU({ inplace: true })
  readonly downsample: Shortcut | undefined
  stochastic_depth: Module | undefined
  readonly activatesShortcut: boolean

  constructor(inPlanes: number, planes: number, options: PreActBlockOptions = {}) {
    super()
    checkOptions(new.target.name, options, OPTIONS)
    const { stride = 1, downsample, residual = true, normLayer = batchNorm } = options
    this.bn1 = normLayer(inPlanes)
    this.conv1 = conv1x1(inPlanes, planes)
    this.bn2 = normLayer(planes)
    this.conv2 = conv3x3(planes, planes, { stride })
    this.bn3 = normLayer(planes)
    this.conv3 = conv1x1(planes, planes * PreActBottleneck.expansion)
    this.downsample = residual ? downsample : noShortcut
    this.activatesShortcut = options.activatesShortcut ?? downsample !== undefined
  }

  protected convolve(activated: Value): Value {
    let out = this.conv1(activated)
    out = this.conv2(this.relu(this.bn2(out)))
    return this.conv3(this.relu(this.bn3(out)))
  }

  zeroInitLast(): void {
    this.startAtZero(this.conv3)
  }
}

export type PreActBlockKind = typeof PreActBasicBlock | typeof PreActBottleneck
