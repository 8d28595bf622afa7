// Weights for pixels of another order and scale as weights for the usual ones: the first convolution takes the difference.
import { Fault } from '../base/errors.js'
import { quote } from '../base/words.js'
import { IMAGENET_STD } from '../images/pipeline/presets.js'
import { toFloat32 } from '../tensor/convert.js'
import type { StateDict } from '../tensor/state-dict.js'
import { Tensor } from '../tensor/tensor.js'
import type { Pixels } from './pixel-kinds.js'

/** From 0 … 1 to 0 … 255. */
const BYTE = 255

/**
 * Weights that compute with RGB, normalised by ImageNet's mean and deviation, what the given ones compute with other pixels. Means
 * are the same in all of them: Caffe's 103.53, 116.28 and 123.675 are ImageNet's of 255, and padding is the mean in each.
 * @param key of the first convolution's weight.
 * @throws Fault when it takes no three channels.
 */
export function forUsualPixels(stateDict: StateDict, key: string | undefined, pixels: Pixels): StateDict {
  const weight = stateDict.get(key ?? '')
  if (pixels === 'rgb') return stateDict
  if (key === undefined || weight?.shape.length !== 4 || weight.shape[1] !== CHANNELS) {
    throw new Fault(`has no first convolution of ${CHANNELS} channels, which pixels as ${quote(pixels)} need`)
  }
  const { data } = toFloat32(weight)
  const [outputs, , height, width] = weight.shape
  const area = height * width
  const to = new Float32Array(data.length)
  for (let output = 0; output < outputs; output++) {
    for (let channel = 0; channel < CHANNELS; channel++) {
      const scale = pixels === 'caffe' ? BYTE * IMAGENET_STD[channel] : 1
      const from = (output * CHANNELS + (CHANNELS - 1 - channel)) * area
      const at = (output * CHANNELS + channel) * area
      for (let i = 0; i < area; i++) to[at + i] = data[from + i] * scale
    }
  }
  return new Map(stateDict).set(key, new Tensor(to, weight.shape, 'float32'))
}

const CHANNELS = 3
