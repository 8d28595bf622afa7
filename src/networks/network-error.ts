// A network that cannot be opened as it was asked for, where it may be known what would open it.
import { PathError } from '../base/errors.js'
import { orList } from '../base/words.js'
import type { StateDictError } from '../nn/state-dict.js'
import type { StateDict } from '../tensor/state-dict.js'

/** What would open a network. */
export interface Remedy {
  /** The name of the model that weights are of. */
  readonly model?: string | undefined
  /** The JavaScript file that a checkpoint says defines its network. It is a stranger's word: never run it unasked. */
  readonly file?: string | undefined
}

/** A file that holds no network, or another one than was asked for. */
export class NetworkError extends PathError {
  readonly remedy: Remedy

  constructor(path: string, fault: string, options?: ErrorOptions, model?: string, file?: string) {
    super(path, fault, options)
    this.remedy = { model, file }
  }
}

/** A file that is no checkpoint, or another network's. */
export class CheckpointError extends NetworkError {}

/** Whose weights these are, as far as their names and shapes tell. */
export async function ownersOf(
  stateDict: StateDict
): Promise<{ readonly model: string; readonly sentence: string } | undefined> {
  const { modelsFitting } = await import('../models/models-fitting.js')
  const models = modelsFitting(stateDict)
  const [model] = models
  return model === undefined ? undefined : { model, sentence: `these are ${orList(models)}'s weights` }
}

/** The error for weights that do not fit; it names the models that they do fit. */
export async function misfit(
  path: string,
  cause: StateDictError,
  stateDict: StateDict
): Promise<NetworkError> {
  const owners = await ownersOf(stateDict)
  const lines = [cause.message, ...(owners ? [owners.sentence] : [])]
  return new NetworkError(path, lines.join('\n'), { cause }, owners?.model)
}
