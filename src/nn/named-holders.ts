// All that a network keeps between passes, by name.
import type { Module } from './module.js'
import type { Buffer, Parameter } from './parameter.js'

/** Parameters, then buffers, under the first name of each. */
export function namedHolders(module: Module): (readonly [name: string, holder: Parameter | Buffer])[] {
  return [...module.namedParameters(), ...module.namedBuffers()]
}
