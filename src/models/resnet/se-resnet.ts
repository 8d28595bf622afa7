// ResNet with squeeze and excitation at the end of F (Hu, Shen & Sun 2017, arXiv:1709.01507, figure 3). Keys are timm's
// (`layer1.0.se.fc1.weight`).
import type { Value } from '../../ir/ops.js'
import { SqueezeExcitation } from '../../nn/layers/squeeze-excitation.js'
import type { BlockOptions } from './residual-block.js'
import { BasicBlock, Bottleneck, ResNet, resNetOptions, type ResNetOptions } from './resnet.js'

/** The paper's reduction ratio r. */
const REDUCTION = 16

/** A `BasicBlock` whose F ends in squeeze and excitation. */
export class SEBasicBlock extends BasicBlock {
  readonly se: SqueezeExcitation

  constructor(inPlanes: number, planes: number, options?: BlockOptions) {
    super(inPlanes, planes, options)
    this.se = new SqueezeExcitation(planes, planes / REDUCTION)
  }

  protected override refine(out: Value): Value {
    return super.refine(this.se(out))
  }
}

/** A `Bottleneck` whose F ends in squeeze and excitation. */
export class SEBottleneck extends Bottleneck {
  readonly se: SqueezeExcitation

  constructor(inPlanes: number, planes: number, options?: BlockOptions) {
    super(inPlanes, planes, options)
    const channels = planes * SEBottleneck.expansion
    this.se = new SqueezeExcitation(channels, channels / REDUCTION)
  }

  protected override refine(out: Value): Value {
    return super.refine(this.se(out))
  }
}

/** SE-ResNet-18. 11,778,592 parameters; timm's `seresnet18` squeezes 64 channels to 8, the paper's ratio gives 4. */
export function se_resnet18(options?: ResNetOptions): ResNet {
  return new ResNet(SEBasicBlock, [2, 2, 2, 2], resNetOptions('se_resnet18', options))
}

/** SE-ResNet-34. 21,958,868 parameters. */
export function se_resnet34(options?: ResNetOptions): ResNet {
  return new ResNet(SEBasicBlock, [3, 4, 6, 3], resNetOptions('se_resnet34', options))
}

/** SE-ResNet-50 (timm: `seresnet50`). 28,088,024 parameters. */
export function se_resnet50(options?: ResNetOptions): ResNet {
  return new ResNet(SEBottleneck, [3, 4, 6, 3], resNetOptions('se_resnet50', options))
}

/** SE-ResNet-101 (timm: `seresnet101`). 49,326,872 parameters. */
export function se_resnet101(options?: ResNetOptions): ResNet {
  return new ResNet(SEBottleneck, [3, 4, 23, 3], resNetOptions('se_resnet101', options))
}

/** SE-ResNet-152 (timm: `seresnet152`). 66,821,848 parameters. */
export function se_resnet152(options?: ResNetOptions): ResNet {
  return new ResNet(SEBottleneck, [3, 8, 36, 3], resNetOptions('se_resnet152', options))
}
