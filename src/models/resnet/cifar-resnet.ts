// The small networks of Deep Residual Learning for Image Recognition (He, Zhang, Ren, Sun 2015, arXiv:1512.03385,
// section 4.2), which the paper trains on CIFAR-10: 6n + 2 layers, less than two million parameters.
import { checkOptions, oneOf, shown, type OptionsOf } from '../../base/options.js'
import type { Value } from '../../ir/ops.js'
import { ReLU } from '../../nn/layers/activation.js'
import { BatchNorm2d } from '../../nn/layers/normalisation.js'
import { type Conv2d } from '../../nn/layers/convolution.js'
import { Linear } from '../../nn/layers/linear.js'
import { AdaptiveAvgPool2d } from '../../nn/layers/pooling.js'
import { PaddedIdentity } from '../../nn/layers/residual.js'
import type { Sequential } from '../../nn/layers/containers.js'
import type { Module } from '../../nn/module/module.js'
import { ResnetError } from '../../base/errors.js'
import { FcClassifier } from '../head.js'
import { SKIP_BLOCKS } from './skip-blocks.js'
import { builder, RESIDUAL_OPTIONS } from '../builder.js'
import { SHORTCUT_OPTIONS } from '../model-options.js'
import { batchNorm, conv3x3, initialise } from './residual-block.js'
import { makeStage, project } from './stages.js'

export const CIFAR_OPTIONS = {
  ...RESIDUAL_OPTIONS,
  /** Shortcuts that change the shape: `'A'`, the default, pads with zeros; `'B'` projects with a 1×1 convolution. */
  shortcut: oneOf('A', 'B')
}

const OPTIONS = { ...CIFAR_OPTIONS, ...SHORTCUT_OPTIONS }

/** Options of `CifarResNet`. */
export interface CifarResNetOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * A residual network for small images: a convolution, three stages of n blocks with 16, 32 and 64 channels, average pooling,
 * a linear layer. Its depth is 6n + 2: 1 + 2n + 2n + 2n + 1 layers with weights.
 *
 * Shape: (N, inChannels, H, W) → (N, numClasses); 32 × 32 in the paper, but any size is possible.
 *
 * Fields are named as in torchvision's `ResNet`; with option B, keys and printed text are those of
 * github.com/chenyaofo/pytorch-cifar-models. Initialised as github.com/akamaster/pytorch_resnet_cifar10, with equal numbers
 * for equal seeds; its `shortcut` and `linear` are `downsample` and `fc` here.
 *
 * @example
 * const net = new CifarResNet(26, { inChannels: 1, numClasses: 26 })
 */
export class CifarResNet extends FcClassifier {
  /** The usual height and width of an image. */
  readonly imageSize: number = 32
  readonly conv1: Conv2d
  readonly bn1 = new BatchNorm2d(16)
  readonly relu = new ReLU({ inplace: true })
  readonly layer1: Sequential
  readonly layer2: Sequential
  readonly layer3: Sequential
  readonly avgpool = new AdaptiveAvgPool2d([1, 1])
  fc: Linear

  /**
   * @param depth 6n + 2: 8, 14, 20, …
   * @throws ResnetError for another depth, or for `zeroInitResidual` or `skip` without shortcuts.
   */
  constructor(depth: number, options: CifarResNetOptions = {}) {
    super()
    checkOptions(new.target.name, options, OPTIONS)
    const { numClasses = 10, inChannels = 3 } = options
    assertSkip(options)
    const n = typeof depth === 'number' ? (depth - 2) / 6 : NaN
    if (!Number.isInteger(n) || n < 1 || depth > 100_000) {
      throw new ResnetError(`CifarResNet: expected a depth of 6n + 2 (8, 14, 20, …), got ${shown(depth)}`)
    }
    const { shortcut = 'A', residual = true, skip = 'identity', gateBias } = options
    const carry = (from: number, to: number, stride: number): Module =>
      shortcut === 'A' ? new PaddedIdentity(from, to, { stride }) : project(from, to, stride, batchNorm)
    const [block, shared] = [SKIP_BLOCKS[skip], { residual, gateBias }]
    this.conv1 = conv3x3(inChannels, 16)
    this.layer1 = makeStage(block, [16, 16], n, carry, shared)
    this.layer2 = makeStage(block, [16, 32], n, carry, shared, { stride: 2 })
    this.layer3 = makeStage(block, [32, 64], n, carry, shared, { stride: 2 })
    this.fc = new Linear(64, numClasses)
    initialise(this, true, options)
  }

  /** The paper's 6n + 2. */
  get depthFormula(): string {
    return `6·${this.layer1.length} + 2`
  }

  /** Everything before the pooling (timm: `forward_features`). Shape: (N, inChannels, H, W) → (N, C, h, w). */
  forwardFeatures(x: Value): Value {
    x = this.relu(this.bn1(this.conv1(x)))

    x = this.layer1(x)
    x = this.layer2(x)
    return this.layer3(x)
  }
}

function assertSkip(options: CifarResNetOptions): void {
  const { skip = 'identity', gateBias, residual = true } = options
  const { zeroInitResidual = false, stochasticDepth = 0 } = options
  if (skip !== 'identity' && !residual) {
    throw new ResnetError(`skip: a network without shortcuts (residual: false) has none for '${skip}'`)
  }
  if (gateBias !== undefined && !skip.endsWith('gate')) {
    throw new ResnetError(
      `gateBias: there are no gates with skip '${skip}'; exclusive-gate and shortcut-gate have them`
    )
  }
  if (skip === 'product' && (zeroInitResidual || stochasticDepth !== 0)) {
    const option = zeroInitResidual ? 'zeroInitResidual' : 'stochasticDepth'
    throw new ResnetError(
      `${option}: without F, the sum F(x) + x is x, but the product of skip 'product' is 0`
    )
  }
}

/* @__NO_SIDE_EFFECTS__ */
function cifarResNet(name: string, depth: number): (options?: CifarResNetOptions) => CifarResNet {
  return builder(name, OPTIONS, {}, options => new CifarResNet(depth, options))
}

/** ResNet-8, n = 1: small enough for 8 × 8 digits. Not in the paper. 75,290 parameters. */
export const cifar_resnet8 = cifarResNet('cifar_resnet8', 8)

/** ResNet-14, n = 2. Not in the paper. 172,506 parameters. */
export const cifar_resnet14 = cifarResNet('cifar_resnet14', 14)

/** ResNet-20, n = 3 (the paper's table 6). 269,722 parameters. */
export const cifar_resnet20 = cifarResNet('cifar_resnet20', 20)

/** ResNet-32, n = 5 (the paper's table 6). 464,154 parameters. */
export const cifar_resnet32 = cifarResNet('cifar_resnet32', 32)

/** ResNet-44, n = 7 (the paper's table 6). 658,586 parameters. */
export const cifar_resnet44 = cifarResNet('cifar_resnet44', 44)

/** ResNet-56, n = 9 (the paper's table 6). 853,018 parameters. */
export const cifar_resnet56 = cifarResNet('cifar_resnet56', 56)

/** ResNet-110, n = 18 (the paper's table 6). 1,727,962 parameters. */
export const cifar_resnet110 = cifarResNet('cifar_resnet110', 110)
