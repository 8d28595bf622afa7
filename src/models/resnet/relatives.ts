// ResNet's relatives: the same networks with attention at the end of F, or with the tweaks of ResNet-C and ResNet-D.
import type { Value } from '../../ir/ops.js'
import { zeros } from '../../nn/init.js'
import { CBAM, EfficientChannelAttention, SqueezeExcitation } from '../../nn/layers/attention.js'
import { BasicBlock, Bottleneck, resnet } from './resnet.js'
import { deepStem, RESNET_D } from './stems.js'

// Squeeze and excitation (Hu, Shen & Sun 2017, arXiv:1709.01507, figure 3). Keys are timm's (`layer1.0.se.fc1.weight`).

/** A `BasicBlock` whose F ends in squeeze and excitation. */
export class SEBasicBlock extends BasicBlock {
  readonly se = squeezeExcitation(this.conv2.outChannels)

  protected override refine(out: Value): Value {
    return super.refine(this.se(out))
  }
}

/** A `Bottleneck` whose F ends in squeeze and excitation. */
export class SEBottleneck extends Bottleneck {
  readonly se = squeezeExcitation(this.conv3.outChannels)

  protected override refine(out: Value): Value {
    return super.refine(this.se(out))
  }
}

/** Squeeze and excitation with the paper's reduction ratio, 16. */
function squeezeExcitation(channels: number): SqueezeExcitation {
  return new SqueezeExcitation(channels, channels / 16)
}

/** SE-ResNet-18. 11,778,592 parameters; timm's `seresnet18` squeezes 64 channels to 8, the paper's ratio gives 4. */
export const se_resnet18 = resnet('se_resnet18', SEBasicBlock, [2, 2, 2, 2])

/** SE-ResNet-34. 21,958,868 parameters. */
export const se_resnet34 = resnet('se_resnet34', SEBasicBlock, [3, 4, 6, 3])

/** SE-ResNet-50 (timm: `seresnet50`). 28,088,024 parameters. */
export const se_resnet50 = resnet('se_resnet50', SEBottleneck, [3, 4, 6, 3])

/** SE-ResNet-101 (timm: `seresnet101`). 49,326,872 parameters. */
export const se_resnet101 = resnet('se_resnet101', SEBottleneck, [3, 4, 23, 3])

/** SE-ResNet-152 (timm: `seresnet152`). 66,821,848 parameters. */
export const se_resnet152 = resnet('se_resnet152', SEBottleneck, [3, 8, 36, 3])

// CBAM (Woo, Park, Lee & Kweon 2018, arXiv:1807.06521, figure 3). Keys are those of github.com/Jongchan/attention-module
// (`layer1.0.cbam.ChannelGate.mlp.1.weight`).

/** A `BasicBlock` whose F ends in CBAM. */
export class CBAMBasicBlock extends BasicBlock {
  readonly cbam = cbam(this.conv2.outChannels)

  protected override refine(out: Value): Value {
    return super.refine(this.cbam(out))
  }
}

/** A `Bottleneck` whose F ends in CBAM. */
export class CBAMBottleneck extends Bottleneck {
  readonly cbam = cbam(this.conv3.outChannels)

  protected override refine(out: Value): Value {
    return super.refine(this.cbam(out))
  }
}

/** CBAM with the spatial gate's scale zeroed, as in the authors' networks. */
function cbam(channels: number): CBAM {
  const attention = new CBAM(channels)
  const { weight } = attention.SpatialGate.spatial.bn
  if (weight) zeros(weight)
  return attention
}

/** ResNet-18 with CBAM. 11,779,392 parameters. */
export const cbam_resnet18 = resnet('cbam_resnet18', CBAMBasicBlock, [2, 2, 2, 2])

/** ResNet-34 with CBAM. 21,960,468 parameters. */
export const cbam_resnet34 = resnet('cbam_resnet34', CBAMBasicBlock, [3, 4, 6, 3])

/** ResNet-50 with CBAM. 28,089,624 parameters. */
export const cbam_resnet50 = resnet('cbam_resnet50', CBAMBottleneck, [3, 4, 6, 3])

/** ResNet-101 with CBAM. 49,330,172 parameters. */
export const cbam_resnet101 = resnet('cbam_resnet101', CBAMBottleneck, [3, 4, 23, 3])

// Efficient channel attention (Wang et al. 2020, arXiv:1910.03151). Keys are those of github.com/BangguWu/ECANet
// (`layer1.0.eca.conv.weight`).

/** A `BasicBlock` whose F ends in efficient channel attention. */
export class ECABasicBlock extends BasicBlock {
  readonly eca = new EfficientChannelAttention(this.conv2.outChannels)

  protected override refine(out: Value): Value {
    return super.refine(this.eca(out))
  }
}

/** A `Bottleneck` whose F ends in efficient channel attention. */
export class ECABottleneck extends Bottleneck {
  readonly eca = new EfficientChannelAttention(this.conv3.outChannels)

  protected override refine(out: Value): Value {
    return super.refine(this.eca(out))
  }
}

/** ECA-ResNet-18. 11,689,548 parameters. */
export const eca_resnet18 = resnet('eca_resnet18', ECABasicBlock, [2, 2, 2, 2])

/** ECA-ResNet-50. 25,557,118 parameters: 86 more than without attention. */
export const eca_resnet50 = resnet('eca_resnet50', ECABottleneck, [3, 4, 6, 3])

// Bag of Tricks for Image Classification (He et al. 2018, arXiv:1812.01187): the same blocks behind another stem, and D's
// shortcuts average before they project. Keys are timm's.

/** ResNet-50-C: the deep stem alone. 25,576,264 parameters. */
export const resnet50c = resnet('resnet50c', Bottleneck, [3, 4, 6, 3], { stem: deepStem })

/** ResNet-18-D (timm: `resnet18d`). 11,708,744 parameters. */
export const resnet18d = resnet('resnet18d', BasicBlock, [2, 2, 2, 2], RESNET_D)

/** ResNet-34-D (timm: `resnet34d`). 21,816,904 parameters. */
export const resnet34d = resnet('resnet34d', BasicBlock, [3, 4, 6, 3], RESNET_D)

/** ResNet-50-D (timm: `resnet50d`). 25,576,264 parameters. */
export const resnet50d = resnet('resnet50d', Bottleneck, [3, 4, 6, 3], RESNET_D)

/** ResNet-101-D (timm: `resnet101d`). 44,568,392 parameters. */
export const resnet101d = resnet('resnet101d', Bottleneck, [3, 4, 23, 3], RESNET_D)

/** ResNet-152-D (timm: `resnet152d`). 60,212,040 parameters. */
export const resnet152d = resnet('resnet152d', Bottleneck, [3, 8, 36, 3], RESNET_D)
