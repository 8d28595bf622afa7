// Whether a checkpoint would open: asked before it is written.
import { counted } from '../base/figures.js'
import { SchemaError, unknownName } from '../base/schema.js'
import { findModel, MODELS } from '../models/registry.js'
import { drawingApart } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { CheckpointNetwork } from './checkpoint.js'
import { networkTensors } from './network-tensors.js'

/** Of each model's classifier the name of the last parameter, which has a row for each output. */
const heads = new Map<string, string | undefined>()

/** @throws SchemaError for a model that there is not, or weights with other outputs than the description says. */
export function assertOpens(
  owner: string,
  { model, file, options: { numClasses } }: CheckpointNetwork,
  tensors: StateDict
): void {
  if (file) return
  if (!Object.hasOwn(MODELS, model))
    throw unknownName(`${owner}: network.model`, 'model', model, Object.keys(MODELS))
  if (!heads.has(model)) {
    // This network is discarded, so it must not advance the random generator.
    const net = drawingApart(() => findModel(model).build())
    heads.set(model, [...net.namedParameters()].at(-1)?.[0])
  }
  const head = heads.get(model) ?? ''
  const outputs = networkTensors(tensors).get(head)?.shape[0]
  if (outputs === undefined || outputs === numClasses) return
  const fault = `has ${counted(outputs, 'output', 'outputs')}, but network.options.numClasses is ${numClasses}`
  throw new SchemaError(`${owner}: tensors`, `${head} ${fault}`)
}
