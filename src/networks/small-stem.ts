// Networks for small pictures: a ResNet whose first convolution has a 3×3 kernel, as in many repositories for CIFAR.
import type { StateDict } from '../tensor/state-dict.js'
import { zeros } from '../tensor/tensor.js'

const STEM = 'conv1.weight'

/** The weights with a 7×7 kernel in place of a first convolution's 3×3 one; undefined where that has another. */
export function withUsualStem(stateDict: StateDict): StateDict | undefined {
  const [outputs, channels, ...window] = stateDict.get(STEM)?.shape ?? []
  if (outputs === undefined || channels === undefined || window.join() !== '3,3') return undefined
  return new Map([...stateDict, [STEM, zeros([outputs, channels, 7, 7])]])
}
