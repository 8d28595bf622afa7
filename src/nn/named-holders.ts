import type { Module } from './module.js'
import type { ModuleBuffer, Parameter } from './parameter.js'

/** Parameters, then buffers, under the first name of each. */
export function namedHolders(module: Module): (readonly [name: string, holder: Parameter | ModuleBuffer])[] {
  return [...module.namedParameters(), ...module.namedBuffers()]
}
