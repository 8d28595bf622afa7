// ResNet with efficient channel attention at the end of F (Wang et al. 2020, arXiv:1910.03151). Keys are those of
// github.com/BangguWu/ECANet (`layer1.0.eca.conv.weight`).
import type { Value } from '../../ir/ops.js'
import { EfficientChannelAttention } from '../../nn/layers/efficient-channel-attention.js'
import type { BlockOptions } from './residual-block.js'
import { BasicBlock, Bottleneck, ResNet, resNetOptions, type ResNetOptions } from './resnet.js'

/** A `BasicBlock` whose F ends in efficient channel attention. */
export class ECABasicBlock extends BasicBlock {
  readonly eca: EfficientChannelAttention

  constructor(inPlanes: number, planes: number, options?: BlockOptions) {
    super(inPlanes, planes, options)
    this.eca = new EfficientChannelAttention(planes)
  }

  protected override refine(out: Value): Value {
    return super.refine(this.eca(out))
  }
}

/** A `Bottleneck` whose F ends in efficient channel attention. */
export class ECABottleneck extends Bottleneck {
  readonly eca: EfficientChannelAttention

  constructor(inPlanes: number, planes: number, options?: BlockOptions) {
    super(inPlanes, planes, options)
    this.eca = new EfficientChannelAttention(planes * ECABottleneck.expansion)
  }

  protected override refine(out: Value): Value {
    return super.refine(this.eca(out))
  }
}

/** ECA-ResNet-18. 11,689,548 parameters. */
export function eca_resnet18(options?: ResNetOptions): ResNet {
  return new ResNet(ECABasicBlock, [2, 2, 2, 2], resNetOptions('eca_resnet18', options))
}

/** ECA-ResNet-50. 25,557,118 parameters: 86 more than without attention. */
export function eca_resnet50(options?: ResNetOptions): ResNet {
  return new ResNet(ECABottleneck, [3, 4, 6, 3], resNetOptions('eca_resnet50', options))
}
