// ResNet with CBAM at the end of F (Woo, Park, Lee & Kweon 2018, arXiv:1807.06521, figure 3). Keys are those of
// github.com/Jongchan/attention-module (`layer1.0.cbam.ChannelGate.mlp.1.weight`).
import type { Value } from '../../ir/ops.js'
import { zeros } from '../../nn/init.js'
import { CBAM } from '../../nn/layers/cbam.js'
import type { BlockOptions } from './residual-block.js'
import { BasicBlock, Bottleneck, ResNet, resNetOptions, type ResNetOptions } from './resnet.js'

/** A `BasicBlock` whose F ends in CBAM. */
export class CBAMBasicBlock extends BasicBlock {
  readonly cbam: CBAM

  constructor(inPlanes: number, planes: number, options?: BlockOptions) {
    super(inPlanes, planes, options)
    this.cbam = attention(planes)
  }

  protected override refine(out: Value): Value {
    return super.refine(this.cbam(out))
  }
}

/** A `Bottleneck` whose F ends in CBAM. */
export class CBAMBottleneck extends Bottleneck {
  readonly cbam: CBAM

  constructor(inPlanes: number, planes: number, options?: BlockOptions) {
    super(inPlanes, planes, options)
    this.cbam = attention(planes * CBAMBottleneck.expansion)
  }

  protected override refine(out: Value): Value {
    return super.refine(this.cbam(out))
  }
}

/** CBAM with the spatial gate's scale zeroed, as in the authors' networks. */
function attention(channels: number): CBAM {
  const cbam = new CBAM(channels)
  const { weight } = cbam.SpatialGate.spatial.bn
  if (weight) zeros(weight)
  return cbam
}

/** ResNet-18 with CBAM. 11,779,392 parameters. */
export function cbam_resnet18(options?: ResNetOptions): ResNet {
  return new ResNet(CBAMBasicBlock, [2, 2, 2, 2], resNetOptions('cbam_resnet18', options))
}

/** ResNet-34 with CBAM. 21,960,468 parameters. */
export function cbam_resnet34(options?: ResNetOptions): ResNet {
  return new ResNet(CBAMBasicBlock, [3, 4, 6, 3], resNetOptions('cbam_resnet34', options))
}

/** ResNet-50 with CBAM. 28,089,624 parameters. */
export function cbam_resnet50(options?: ResNetOptions): ResNet {
  return new ResNet(CBAMBottleneck, [3, 4, 6, 3], resNetOptions('cbam_resnet50', options))
}

/** ResNet-101 with CBAM. 49,330,172 parameters. */
export function cbam_resnet101(options?: ResNetOptions): ResNet {
  return new ResNet(CBAMBottleneck, [3, 4, 23, 3], resNetOptions('cbam_resnet101', options))
}
