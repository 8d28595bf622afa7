// Pre-activation ResNets: Identity Mappings in Deep Residual Networks (He, Zhang, Ren, Sun 2016, arXiv:1603.05027).
// Structure and parameter counts of bottleneck networks are timm's `resnetv2_*`.
import { checkOptions, type OptionsOf } from '../../base/options.js'
import type { Value } from '../../ir/ops.js'
import { kaimingNormal } from '../../nn/init.js'
import { ReLU } from '../../nn/layers/activation.js'
import { Conv2d } from '../../nn/layers/conv2d.js'
import { Linear } from '../../nn/layers/linear.js'
import { AdaptiveAvgPool2d, MaxPool2d } from '../../nn/layers/pooling.js'
import type { Sequential } from '../../nn/layers/sequential.js'
import type { Module } from '../../nn/module.js'
import { FcClassifier } from '../head.js'
import { PreActBasicBlock, PreActBottleneck } from './preact-blocks.js'
import { makePreActStage, type PreActBlockKind } from './preact-stage.js'
import { batchNorm, conv1x1, dropBlocks, startAsIdentity } from '../resnet/residual-block.js'
import { RESNET_OPTIONS } from '../resnet/resnet.js'
import { plainStem } from '../resnet/resnet-tweaks.js'

const { numClasses, inChannels, residual, zeroInitResidual, normLayer, stochasticDepth } = RESNET_OPTIONS
const OPTIONS = { numClasses, inChannels, residual, zeroInitResidual, normLayer, stochasticDepth }

/** Options of `PreActResNet`, as in `ResNet`. */
export interface PreActResNetOptions extends OptionsOf<typeof OPTIONS> {}

/** Validates options in a constructor's name. */
function preActOptions(constructor: string, options: PreActResNetOptions = {}): PreActResNetOptions {
  return checkOptions(constructor, options, OPTIONS)
}

/**
 * A pre-activation residual network: a convolution, four stages, normalisation and activation, average pooling, a linear layer.
 *
 * Shape: (N, inChannels, H, W) → (N, numClasses).
 */
export class PreActResNet extends FcClassifier {
  readonly conv1: Module
  readonly maxpool: MaxPool2d
  readonly layer1: Sequential
  readonly layer2: Sequential
  readonly layer3: Sequential
  readonly layer4: Sequential
  readonly bn: Module
  readonly relu: ReLU
  readonly avgpool: AdaptiveAvgPool2d
  fc: Linear

  /** @param layers blocks per stage. */
  constructor(
    block: PreActBlockKind,
    layers: readonly [number, number, number, number],
    options: PreActResNetOptions = {}
  ) {
    super()
    checkOptions(new.target.name, options, OPTIONS)
    const { numClasses = 1000, inChannels = 3, zeroInitResidual = false, stochasticDepth = 0 } = options
    const { residual = true, normLayer = batchNorm } = options
    // Projections are not normalised: the next block does that.
    const carry = (from: number, to: number, stride: number): Conv2d => conv1x1(from, to, { stride })
    const stage = (index: number, inPlanes: number, planes: number): Sequential => {
      const [stride, isFirst] = index === 0 ? [1, true] : [2, false]
      const shared = { residual, normLayer, carry, stride, isFirst }
      return makePreActStage(block, { ...shared, inPlanes, planes, blocks: layers[index] })
    }
    const { expansion } = block
    this.conv1 = plainStem(inChannels, normLayer)
    this.maxpool = new MaxPool2d(3, { stride: 2, padding: 1 })
    this.layer1 = stage(0, 64, 64)
    this.layer2 = stage(1, 64 * expansion, 128)
    this.layer3 = stage(2, 128 * expansion, 256)
    this.layer4 = stage(3, 256 * expansion, 512)
    this.bn = normLayer(512 * expansion)
    this.relu = new ReLU({ inplace: true })
    this.avgpool = new AdaptiveAvgPool2d([1, 1])
    this.fc = new Linear(512 * expansion, numClasses)

    for (const module of this.modules()) {
      if (module instanceof Conv2d) kaimingNormal(module.weight, { mode: 'fan_out', nonlinearity: 'relu' })
    }
    if (zeroInitResidual) startAsIdentity(this)
    if (stochasticDepth !== 0) dropBlocks(this, stochasticDepth)
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

/** Pre-activation ResNet-18. 11,687,720 parameters. */
export function preact_resnet18(options?: PreActResNetOptions): PreActResNet {
  return new PreActResNet(PreActBasicBlock, [2, 2, 2, 2], preActOptions('preact_resnet18', options))
}

/** Pre-activation ResNet-34. 21,795,880 parameters. */
export function preact_resnet34(options?: PreActResNetOptions): PreActResNet {
  return new PreActResNet(PreActBasicBlock, [3, 4, 6, 3], preActOptions('preact_resnet34', options))
}

/** Pre-activation ResNet-50 (timm: `resnetv2_50`). 25,549,352 parameters. */
export function preact_resnet50(options?: PreActResNetOptions): PreActResNet {
  return new PreActResNet(PreActBottleneck, [3, 4, 6, 3], preActOptions('preact_resnet50', options))
}

/** Pre-activation ResNet-101 (timm: `resnetv2_101`). 44,541,480 parameters. */
export function preact_resnet101(options?: PreActResNetOptions): PreActResNet {
  return new PreActResNet(PreActBottleneck, [3, 4, 23, 3], preActOptions('preact_resnet101', options))
}

/** Pre-activation ResNet-152 (timm: `resnetv2_152`). 60,185,128 parameters. */
export function preact_resnet152(options?: PreActResNetOptions): PreActResNet {
  return new PreActResNet(PreActBottleneck, [3, 8, 36, 3], preActOptions('preact_resnet152', options))
}
