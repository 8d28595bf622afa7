// A network for the weights it is to hold: with as many outputs as they tell classes apart.
import type { Module } from '../nn/module.js'
import type { StateDict } from '../tensor/state-dict.js'

// ResNet's and VGG's last layers.
const CLASSIFIERS = ['fc.bias', 'classifier.6.bias']

/**
 * Builds a network and loads weights into it, if there are any.
 * @param numClasses by default read off the weights.
 * @throws StateDictError when they do not fit.
 */
export function buildFor(
  build: (options?: { readonly numClasses?: number }) => Module,
  stateDict: StateDict | undefined,
  numClasses = stateDict && numClassesOf(stateDict)
): Module {
  const net = build(numClasses === undefined ? {} : { numClasses })
  if (stateDict) net.loadStateDict(stateDict)
  return net
}

/** The number of classes a checkpoint was trained for, or nothing if it has no classifier this package knows. */
function numClassesOf(stateDict: StateDict): number | undefined {
  for (const key of CLASSIFIERS) {
    const [classes] = stateDict.get(key)?.shape ?? []
    if (classes !== undefined) return classes
  }
  return undefined
}
