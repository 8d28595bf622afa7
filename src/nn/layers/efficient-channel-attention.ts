// ECA-Net: Efficient Channel Attention (Wang et al. 2020, arXiv:1910.03151). The key `conv.weight` is timm's and the
// authors' (github.com/BangguWu/ECANet), so their checkpoints' tensors fit.
import { checkOptions, positiveInteger } from '../../base/options.js'
import { mul, sigmoid } from '../../ir/functional/elementwise.js'
import { mean } from '../../ir/functional/reduction.js'
import { permute, squeeze, unsqueeze } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { Module } from '../module.js'
import { Conv1d } from './conv1d.js'

/** Scales each channel by a convolution over channel averages. Shape: (N, channels, H, W) → the same. */
export class EfficientChannelAttention extends Module {
  readonly conv: Conv1d

  /** @param options `kernelSize`: the convolution's width, an odd number; default the paper's. */
  constructor(channels: number, options: { readonly kernelSize?: number } = {}) {
    super()
    checkOptions(new.target.name, options, { kernelSize: positiveInteger })
    const { kernelSize = channelsSeen(channels) } = options
    this.conv = new Conv1d(1, 1, kernelSize, { padding: (kernelSize - 1) / 2, bias: false })
  }

  forward(x: Value): Value {
    const averages = squeeze(mean(x, [2, 3], { keepDim: true }), 3) // [N, C, 1]
    const mixed = this.conv(permute(averages, [0, 2, 1])) // [N, 1, C]
    const scale = sigmoid(unsqueeze(permute(mixed, [0, 2, 1]), 3)) // [N, C, 1, 1]
    return mul(scale, x)
  }
}

/** `|log₂(C) / 2 + 1 / 2|`, truncated and made odd as in the authors' code; at least 3. */
function channelsSeen(channels: number): number {
  const size = Math.trunc(Math.abs(Math.log2(channels) / 2 + 1 / 2))
  return Math.max(size % 2 === 1 ? size : size + 1, 3)
}
