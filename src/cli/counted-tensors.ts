import { counted } from '../base/figures.js'
import type { StateDict } from '../tensor/state-dict.js'

/** `62 tensors with 11,699,132 numbers`. */
export function countedTensors(state: StateDict): string {
  const numbers = [...state.values()].reduce((sum, { size }) => sum + size, 0)
  return `${counted(state.size, 'tensor', 'tensors')} with ${counted(numbers, 'number', 'numbers')}`
}
