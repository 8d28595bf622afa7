import { PathError } from '../base/errors.js'
import { orList } from '../base/words.js'
import type { StateDictError } from '../nn/module/state-dict.js'
import type { StateDict } from '../tensor/state-dict.js'

/** How a network could be opened. */
export interface Remedy {
  /** The model that the weights fit. */
  readonly model?: string | undefined
  /** The JavaScript file named by a checkpoint, which is untrusted: never run it without asking. */
  readonly file?: string | undefined
  /** An export that the named JavaScript file has. */
  readonly export?: string | undefined
}

/** A file without a network, or with an unexpected one. */
export class NetworkError extends PathError {
  readonly remedy: Remedy

  constructor(
    path: string,
    fault: string,
    options?: ErrorOptions,
    model?: string,
    file?: string,
    exported?: string
  ) {
    super(path, fault, options)
    this.remedy = { model, file, export: exported }
  }
}

/** A file that is not a checkpoint, or another network's. */
export class CheckpointError extends NetworkError {}

/** The models that weights fit, by names and shapes. */
export async function ownersOf(
  stateDict: StateDict
): Promise<{ readonly model: string; readonly sentence: string } | undefined> {
  const { modelsFitting } = await import('../models/models-fitting.js')
  const models = modelsFitting(stateDict)
  const [model] = models
  return model === undefined ? undefined : { model, sentence: `these are ${orList(models)}'s weights` }
}

/** The error for weights that do not fit, naming the models that they do fit. */
export async function misfit(
  path: string,
  cause: StateDictError,
  stateDict: StateDict
): Promise<NetworkError> {
  const owners = await ownersOf(stateDict)
  const fault = owners ? `${cause.message}\n${owners.sentence}` : cause.message
  return new NetworkError(path, fault, { cause }, owners?.model)
}
