// How many classes a checkpoint tells apart: the size of its classifier's bias.
import type { StateDict } from '../tensor/state-dict.js'

// ResNet's and VGG's last layers.
const CLASSIFIERS = ['fc.bias', 'classifier.6.bias']

/** The number of classes a checkpoint was trained for, or nothing if it has no classifier this package knows. */
export function numClassesOf(stateDict: StateDict): number | undefined {
  for (const key of CLASSIFIERS) {
    const [classes] = stateDict.get(key)?.shape ?? []
    if (classes !== undefined) return classes
  }
  return undefined
}
