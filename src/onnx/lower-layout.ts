// Images in blocked memory, lowered to the operators of ONNX Runtime's CPU provider for it. They are its own, in no standard: a
// program may have them once the engine has found that its runtime does, a file never.
import type { Activation, LayoutOp } from '../ir/ops.js'
import type { Attributes, Lowering } from './emitter.js'
import { Float } from './proto.js'

/** The operators' domain. */
const DOMAIN = 'com.microsoft.nchwc'

const ACTIVATIONS: Readonly<Record<Activation, Attributes>> = {
  none: {},
  relu: { activation: 'Relu' },
  clip: { activation: 'Clip', activation_params: [new Float(0), new Float(1)] }
}

export const LAYOUT_LOWERINGS: { readonly [K in LayoutOp]: Lowering<K> } = {
  take: (out, [x], { axis, places }) => out.emit('Gather', [out.nameOf(x), out.integers(places)], { axis }),

  toBlocked: (out, [x]) => out.emit(`${DOMAIN}:ReorderInput`, [out.nameOf(x)]),

  fromBlocked: (out, [x]) =>
    out.emit(`${DOMAIN}:ReorderOutput`, [out.nameOf(x)], { channels: Number(x.shape[1]) }),

  blockedConv2d: (out, inputs, { stride, padding, dilation, groups, activation }) =>
    out.emit(`${DOMAIN}:Conv`, inputs.map(out.nameOf), {
      auto_pad: 'NOTSET',
      kernel_shape: inputs[1].shape.slice(2).map(Number),
      strides: stride,
      pads: padding,
      dilations: dilation,
      group: groups,
      ...ACTIVATIONS[activation]
    }),

  blockedMaxPool2d: (out, [x], { kernel, stride, padding, dilation }) =>
    out.emit(`${DOMAIN}:MaxPool`, [out.nameOf(x)], {
      auto_pad: 'NOTSET',
      kernel_shape: kernel,
      strides: stride,
      pads: padding,
      dilations: dilation
    }),

  blockedMean: (out, [x]) => out.emit(`${DOMAIN}:GlobalAveragePool`, [out.nameOf(x)])
}
