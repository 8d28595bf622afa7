// The small networks of Identity Mappings in Deep Residual Networks (He, Zhang, Ren, Sun 2016, arXiv:1603.05027), which
// the paper trains on CIFAR-10: ResNet-110 with two 3×3 convolutions a block, ResNet-164 with bottlenecks.
import { aBoolean, checkOptions, type OptionsOf } from '../../base/options.js'
import type { Value } from '../../ir/ops.js'
import { kaimingNormal } from '../../nn/init.js'
import { ReLU } from '../../nn/layers/activation.js'
import { BatchNorm2d } from '../../nn/layers/batch-norm2d.js'
import { Conv2d } from '../../nn/layers/conv2d.js'
import { Linear } from '../../nn/layers/linear.js'
import { PaddedIdentity } from '../../nn/layers/padded-identity.js'
import { AdaptiveAvgPool2d } from '../../nn/layers/pooling.js'
import type { Sequential } from '../../nn/layers/sequential.js'
import type { Module } from '../../nn/module.js'
import { ResnetError } from '../../base/errors.js'
import { CIFAR_OPTIONS } from '../resnet/cifar-resnet.js'
import { FcClassifier } from '../head.js'
import { PreActBasicBlock, PreActBottleneck } from './preact-blocks.js'
import { makePreActStage } from './preact-stage.js'
import { conv1x1, conv3x3, dropBlocks, startAsIdentity } from '../resnet/residual-block.js'

const { skip: _, gateBias: __, ...SHARED } = CIFAR_OPTIONS

const OPTIONS = {
  ...SHARED,
  /** Whether blocks are bottlenecks; default where the depth is 9n + 2 and not 6n + 2. */
  bottleneck: aBoolean
}

/** Options of `CifarPreActResNet`. */
export interface CifarPreActResNetOptions extends OptionsOf<typeof OPTIONS> {}

/** Validates options in a constructor's name. */
function preActOptions(
  constructor: string,
  options: CifarPreActResNetOptions = {}
): CifarPreActResNetOptions {
  return checkOptions(constructor, options, OPTIONS)
}

/**
 * A pre-activation residual network for small images: a convolution, three stages of n blocks, normalisation and activation,
 * average pooling, a linear layer. Its depth is 6n + 2, or 9n + 2 with bottlenecks. Initialised as `CifarResNet`.
 *
 * As in the paper, shortcuts that change the shape pad with zeros (option A), or project (option B) with bottlenecks, unless
 * `shortcut` is given.
 *
 * Shape: (N, inChannels, H, W) → (N, numClasses); 32 × 32 is what the paper trains at.
 */
export class CifarPreActResNet extends FcClassifier {
  readonly conv1: Conv2d
  readonly layer1: Sequential
  readonly layer2: Sequential
  readonly layer3: Sequential
  readonly bn: BatchNorm2d
  readonly relu: ReLU
  readonly avgpool: AdaptiveAvgPool2d
  fc: Linear

  /**
   * @param depth 6n + 2 or, with bottlenecks, 9n + 2: 20, 56, 110, 164, …
   * @throws ResnetError for another depth, or for `zeroInitResidual` without shortcuts.
   */
  constructor(depth: number, options: CifarPreActResNetOptions = {}) {
    super()
    checkOptions(new.target.name, options, OPTIONS)
    const { numClasses = 10, inChannels = 3, residual = true } = options
    const { zeroInitResidual = false, stochasticDepth = 0 } = options
    const isBottleneck = options.bottleneck ?? !blocksOf(depth, 6)
    const blocks = blocksOf(depth, isBottleneck ? 9 : 6)
    if (blocks === undefined) {
      throw new ResnetError(
        `CifarPreActResNet: expected a depth of 6n + 2 (20, 56, 110, …), or with bottlenecks of 9n + 2 (164, …), got ${depth}`
      )
    }
    const block = isBottleneck ? PreActBottleneck : PreActBasicBlock
    const { expansion } = block
    const { shortcut = isBottleneck ? 'B' : 'A' } = options
    const carry = (from: number, to: number, stride: number): Module =>
      shortcut === 'A' ? new PaddedIdentity(from, to, { stride }) : conv1x1(from, to, { stride })
    const shared = { residual, blocks, carry }
    this.conv1 = conv3x3(inChannels, 16)
    const [first, later] = [
      { ...shared, stride: 1, isFirst: true },
      { ...shared, stride: 2, isFirst: false }
    ]
    this.layer1 = makePreActStage(block, { ...first, inPlanes: 16, planes: 16 })
    this.layer2 = makePreActStage(block, { ...later, inPlanes: 16 * expansion, planes: 32 })
    this.layer3 = makePreActStage(block, { ...later, inPlanes: 32 * expansion, planes: 64 })
    this.bn = new BatchNorm2d(64 * expansion)
    this.relu = new ReLU({ inplace: true })
    this.avgpool = new AdaptiveAvgPool2d([1, 1])
    this.fc = new Linear(64 * expansion, numClasses)

    for (const module of this.modules()) {
      if (module instanceof Conv2d || module instanceof Linear) kaimingNormal(module.weight)
    }
    if (zeroInitResidual) startAsIdentity(this)
    if (stochasticDepth !== 0) dropBlocks(this, stochasticDepth)
  }

  /** The papers' 6n + 2, or 9n + 2 with bottlenecks. */
  get depthFormula(): string {
    return `${this.layer1.at(0) instanceof PreActBottleneck ? 9 : 6}·${this.layer1.length} + 2`
  }

  /** Everything before the pooling (timm: `forward_features`). Shape: (N, inChannels, H, W) → (N, C, h, w). */
  forwardFeatures(x: Value): Value {
    x = this.conv1(x)

    x = this.layer1(x)
    x = this.layer2(x)
    x = this.layer3(x)

    return this.relu(this.bn(x))
  }
}

/** Solves depth = `perStep`·n + 2. */
function blocksOf(depth: number, perStep: number): number | undefined {
  const n = (depth - 2) / perStep
  return Number.isSafeInteger(n) && n >= 1 ? n : undefined
}

/** Pre-activation ResNet-20. 269,722 parameters. */
export function cifar_preact_resnet20(options?: CifarPreActResNetOptions): CifarPreActResNet {
  return new CifarPreActResNet(20, { bottleneck: false, ...preActOptions('cifar_preact_resnet20', options) })
}

/** Pre-activation ResNet-56. 853,018 parameters. */
export function cifar_preact_resnet56(options?: CifarPreActResNetOptions): CifarPreActResNet {
  return new CifarPreActResNet(56, { bottleneck: false, ...preActOptions('cifar_preact_resnet56', options) })
}

/** Pre-activation ResNet-110 (the paper's table 2: 6.37 % error on CIFAR-10, where the original order has 6.61 %). 1,727,962 parameters. */
export function cifar_preact_resnet110(options?: CifarPreActResNetOptions): CifarPreActResNet {
  return new CifarPreActResNet(110, {
    bottleneck: false,
    ...preActOptions('cifar_preact_resnet110', options)
  })
}

/** Pre-activation ResNet-164, of bottlenecks (the paper's table 2: 5.46 % error on CIFAR-10). 1,703,258 parameters. */
export function cifar_preact_resnet164(options?: CifarPreActResNetOptions): CifarPreActResNet {
  return new CifarPreActResNet(164, { bottleneck: true, ...preActOptions('cifar_preact_resnet164', options) })
}
