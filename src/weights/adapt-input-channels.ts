// Adapts a trained network's first convolution to another number of input channels.
import { aString, checkArguments } from '../base/options.js'
import { toFloat32 } from '../tensor/convert.js'
import { ResnetError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'
import { aStateDict, type StateDict } from '../tensor/state-dict.js'
import { Tensor } from '../tensor/tensor.js'

/**
 * A state dict whose convolution `key` takes another number of channels (timm: `adapt_input_conv`).
 *
 * For one channel the kernels are summed, so grey input gives the result of equal channels. For more, they are repeated and
 * scaled by old / new. The other tensors are shared. Shape of the tensor: (O, I, h, w) → (O, channels, h, w), float32.
 *
 * PyTorch difference: the old number is the tensor's own; timm assumes three by default.
 * @throws ResnetError when there is no such tensor, with near names, or it is not a convolution's.
 * @example
 * const net = resnet18({ inChannels: 1 })
 * net.loadStateDict(adaptInputChannels(resnet18().stateDict(), 'conv1.weight', 1))
 */
export function adaptInputChannels(stateDict: StateDict, key: string, channels: number): StateDict {
  checkArguments('adaptInputChannels', { stateDict, key }, { stateDict: aStateDict, key: aString })
  const weight = stateDict.get(key)
  if (!weight) {
    throw new ResnetError(
      `adaptInputChannels: there is no tensor '${key}'${didYouMean(key, stateDict.keys())}`
    )
  }
  if (weight.shape.length !== 4) {
    throw new ResnetError(`adaptInputChannels: ${key} is ${String(weight)}, no convolution's [O, I, h, w]`)
  }
  if (!Number.isSafeInteger(channels) || channels < 1) {
    throw new ResnetError(`adaptInputChannels: expected a whole number of channels above 0, got ${channels}`)
  }
  if (weight.shape[1] === channels) return new Map(stateDict)
  return new Map(stateDict).set(key, adapted(toFloat32(weight), channels))
}

function adapted(weight: Tensor<'float32'>, channels: number): Tensor<'float32'> {
  const { data, shape } = weight
  const [outputs, inputs, ...size] = shape
  const pixels = data.length / (outputs * inputs)
  const isSum = channels === 1
  const scale = Math.fround(inputs / channels)
  const kernels = new Float32Array(outputs * channels * pixels)
  for (let output = 0; output < outputs; output++) {
    for (let kernel = 0; kernel < (isSum ? inputs : channels); kernel++) {
      const from = (output * inputs + (kernel % inputs)) * pixels
      const to = (output * channels + (kernel % channels)) * pixels
      for (let i = 0; i < pixels; i++) {
        // Rounds to float32 after each addition, as torch does.
        kernels[to + i] = isSum ? kernels[to + i] + data[from + i] : data[from + i] * scale
      }
    }
  }
  return new Tensor(kernels, [outputs, channels, ...size], 'float32')
}
