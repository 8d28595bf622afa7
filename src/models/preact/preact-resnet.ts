// Pre-activation ResNets: Identity Mappings in Deep Residual Networks (He, Zhang, Ren, Sun 2016, arXiv:1603.05027).
// Structure and parameter counts of ImageNet's bottleneck networks are timm's `resnetv2_*`. The small ones are those the
// paper trains on CIFAR-10: ResNet-110 with two 3×3 convolutions a block, ResNet-164 with bottlenecks.
import { ResnetError } from '../../base/errors.js'
import { aBoolean, checkArguments, checkOptions, shown, type OptionsOf } from '../../base/options.js'
import type { Value } from '../../ir/ops.js'
import { ReLU } from '../../nn/layers/activation.js'
import { BatchNorm2d } from '../../nn/layers/normalisation.js'
import { type Conv2d } from '../../nn/layers/convolution.js'
import { Linear } from '../../nn/layers/linear.js'
import { PaddedIdentity } from '../../nn/layers/residual.js'
import { AdaptiveAvgPool2d, MaxPool2d } from '../../nn/layers/pooling.js'
import type { Sequential } from '../../nn/layers/containers.js'
import type { Module } from '../../nn/module/module.js'
import { FcClassifier } from '../head.js'
import { builder, RESIDUAL_OPTIONS } from '../builder.js'
import { PreActBasicBlock, PreActBottleneck, type PreActBlockKind } from './preact-blocks.js'
import { CIFAR_OPTIONS } from '../resnet/cifar-resnet.js'
import { batchNorm, conv1x1, conv3x3, initialise } from '../resnet/residual-block.js'
import { RESNET_ARGUMENTS } from '../resnet/resnet.js'
import { makeStage, STAGE_OPTIONS } from '../resnet/stages.js'
import { plainStem } from '../resnet/stems.js'

const OPTIONS = {
  ...RESIDUAL_OPTIONS,
  normLayer: STAGE_OPTIONS.normLayer,
  /** Whether the first block's shortcut carries the activated x, as in the paper; default true. timm's small networks carry x itself. */
  activatesShortcut: aBoolean
}

/** Options of `PreActResNet`, as in `ResNet`. */
export interface PreActResNetOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * A pre-activation residual network: a convolution, four stages, normalisation and activation, average pooling, a linear layer.
 *
 * Shape: (N, inChannels, H, W) → (N, numClasses).
 */
export class PreActResNet extends FcClassifier {
  readonly conv1: Module
  readonly maxpool = new MaxPool2d(3, { stride: 2, padding: 1 })
  readonly layer1: Sequential
  readonly layer2: Sequential
  readonly layer3: Sequential
  readonly layer4: Sequential
  readonly bn: Module
  readonly relu = new ReLU({ inplace: true })
  readonly avgpool = new AdaptiveAvgPool2d([1, 1])
  fc: Linear

  /** @param layers blocks per stage. */
  constructor(
    block: PreActBlockKind,
    layers: readonly [number, number, number, number],
    options: PreActResNetOptions = {}
  ) {
    super()
    checkOptions(new.target.name, options, OPTIONS)
    checkArguments(new.target.name, { block, layers }, RESNET_ARGUMENTS)
    const { numClasses = 1000, inChannels = 3, residual = true, normLayer = batchNorm } = options
    const { activatesShortcut = true } = options
    // Projections are not normalised: the next block does that.
    const carry = (from: number, to: number, stride: number): Conv2d => conv1x1(from, to, { stride })
    const shared = { residual, normLayer }
    const { expansion } = block
    this.conv1 = plainStem(inChannels, normLayer)
    this.layer1 = makeStage(block, [64, 64], layers[0], carry, shared, { activatesShortcut })
    this.layer2 = makeStage(block, [64 * expansion, 128], layers[1], carry, shared, { stride: 2 })
    this.layer3 = makeStage(block, [128 * expansion, 256], layers[2], carry, shared, { stride: 2 })
    this.layer4 = makeStage(block, [256 * expansion, 512], layers[3], carry, shared, { stride: 2 })
    this.bn = normLayer(512 * expansion)
    this.fc = new Linear(512 * expansion, numClasses)
    initialise(this, false, options)
  }

  /** Everything before the pooling (timm: `forward_features`). Shape: (N, inChannels, H, W) → (N, C, h, w). */
  forwardFeatures(x: Value): Value {
    x = this.maxpool(this.conv1(x))

    x = this.layer1(x)
    x = this.layer2(x)
    x = this.layer3(x)
    x = this.layer4(x)

    return this.relu(this.bn(x))
  }
}

/* @__NO_SIDE_EFFECTS__ */
function preActResNet(
  name: string,
  block: PreActBlockKind,
  layers: readonly [number, number, number, number]
): (options?: PreActResNetOptions) => PreActResNet {
  return builder(name, OPTIONS, {}, options => new PreActResNet(block, layers, options))
}

/** Pre-activation ResNet-18. 11,687,720 parameters. */
export const preact_resnet18 = preActResNet('preact_resnet18', PreActBasicBlock, [2, 2, 2, 2])

/** Pre-activation ResNet-34. 21,795,880 parameters. */
export const preact_resnet34 = preActResNet('preact_resnet34', PreActBasicBlock, [3, 4, 6, 3])

/** Pre-activation ResNet-50 (timm: `resnetv2_50`). 25,549,352 parameters. */
export const preact_resnet50 = preActResNet('preact_resnet50', PreActBottleneck, [3, 4, 6, 3])

/** Pre-activation ResNet-101 (timm: `resnetv2_101`). 44,541,480 parameters. */
export const preact_resnet101 = preActResNet('preact_resnet101', PreActBottleneck, [3, 4, 23, 3])

/** Pre-activation ResNet-152 (timm: `resnetv2_152`). 60,185,128 parameters. */
export const preact_resnet152 = preActResNet('preact_resnet152', PreActBottleneck, [3, 8, 36, 3])

const CIFAR_PREACT_OPTIONS = {
  ...CIFAR_OPTIONS,
  /** Whether blocks are bottlenecks; default where the depth is 9n + 2 and not 6n + 2. */
  bottleneck: aBoolean
}

/** Options of `CifarPreActResNet`. */
export interface CifarPreActResNetOptions extends OptionsOf<typeof CIFAR_PREACT_OPTIONS> {}

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
  /** The usual height and width of an image. */
  readonly imageSize: number = 32
  readonly conv1: Conv2d
  readonly layer1: Sequential
  readonly layer2: Sequential
  readonly layer3: Sequential
  readonly bn: BatchNorm2d
  readonly relu = new ReLU({ inplace: true })
  readonly avgpool = new AdaptiveAvgPool2d([1, 1])
  fc: Linear

  /**
   * @param depth 6n + 2 or, with bottlenecks, 9n + 2: 20, 56, 110, 164, …
   * @throws ResnetError for another depth, or for `zeroInitResidual` without shortcuts.
   */
  constructor(depth: number, options: CifarPreActResNetOptions = {}) {
    super()
    checkOptions(new.target.name, options, CIFAR_PREACT_OPTIONS)
    const { numClasses = 10, inChannels = 3, residual = true } = options
    const isBottleneck = options.bottleneck ?? !blocksOf(depth, 6)
    const blocks = blocksOf(depth, isBottleneck ? 9 : 6)
    if (blocks === undefined) {
      throw new ResnetError(
        `CifarPreActResNet: expected a depth of 6n + 2 (20, 56, 110, …), or with bottlenecks of 9n + 2 (164, …), got ${shown(depth)}`
      )
    }
    const block = isBottleneck ? PreActBottleneck : PreActBasicBlock
    const { expansion } = block
    const { shortcut = isBottleneck ? 'B' : 'A' } = options
    const carry = (from: number, to: number, stride: number): Module =>
      shortcut === 'A' ? new PaddedIdentity(from, to, { stride }) : conv1x1(from, to, { stride })
    this.conv1 = conv3x3(inChannels, 16)
    this.layer1 = makeStage(block, [16, 16], blocks, carry, { residual }, { activatesShortcut: true })
    this.layer2 = makeStage(block, [16 * expansion, 32], blocks, carry, { residual }, { stride: 2 })
    this.layer3 = makeStage(block, [32 * expansion, 64], blocks, carry, { residual }, { stride: 2 })
    this.bn = new BatchNorm2d(64 * expansion)
    this.fc = new Linear(64 * expansion, numClasses)
    initialise(this, true, options)
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
  const n = typeof depth === 'number' ? (depth - 2) / perStep : NaN
  return Number.isInteger(n) && n >= 1 && depth <= 100_000 ? n : undefined
}

/* @__NO_SIDE_EFFECTS__ */
function cifarPreActResNet(
  name: string,
  depth: number,
  bottleneck = false
): (options?: CifarPreActResNetOptions) => CifarPreActResNet {
  const fixed: CifarPreActResNetOptions = { bottleneck }
  return builder(name, CIFAR_PREACT_OPTIONS, fixed, options => new CifarPreActResNet(depth, options))
}

/** Pre-activation ResNet-20. 269,722 parameters. */
export const cifar_preact_resnet20 = cifarPreActResNet('cifar_preact_resnet20', 20)

/** Pre-activation ResNet-56. 853,018 parameters. */
export const cifar_preact_resnet56 = cifarPreActResNet('cifar_preact_resnet56', 56)

/** Pre-activation ResNet-110 (the paper's table 2: 6.37 % error on CIFAR-10, where the original order has 6.61 %). 1,727,962 parameters. */
export const cifar_preact_resnet110 = cifarPreActResNet('cifar_preact_resnet110', 110)

/** Pre-activation ResNet-164, of bottlenecks (the paper's table 2: 5.46 % error on CIFAR-10). 1,703,258 parameters. */
export const cifar_preact_resnet164 = cifarPreActResNet('cifar_preact_resnet164', 164, true)
