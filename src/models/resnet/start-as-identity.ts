// Residual networks that begin as the identity (arXiv:1706.02677, section 5.1; torchvision: `zero_init_residual`).
import { zeros } from '../../nn/init.js'
import { BatchNorm2d } from '../../nn/layers/batch-norm2d.js'
import { Conv2d } from '../../nn/layers/conv2d.js'
import type { Module } from '../../nn/module.js'
import { ResnetError } from '../../base/errors.js'
import { ResidualBlock } from './residual-block.js'

/**
 * Zeroes the weight of the last layer of every block below a module, so that each starts as the identity.
 * @throws ResnetError for blocks without a shortcut, of which nothing would come out, and for those whose last layer has no
 * weight that could be zero.
 */
export function startAsIdentity(net: Module): void {
  for (const module of net.modules()) {
    if (!(module instanceof ResidualBlock)) continue
    if (!module.residual) {
      throw new ResnetError(
        'zeroInitResidual: a block without its shortcut (residual: false) would start as zero, not as the identity'
      )
    }
    const { lastLayer } = module
    const weight =
      lastLayer instanceof BatchNorm2d || lastLayer instanceof Conv2d ? lastLayer.weight : undefined
    if (!weight) {
      throw new ResnetError(
        `zeroInitResidual: the last layer of ${module.typeName}'s F is ${lastLayer.typeName}, expected a BatchNorm2d or Conv2d with a weight`
      )
    }
    zeros(weight)
  }
}
