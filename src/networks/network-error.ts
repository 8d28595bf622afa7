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

/** What weights are, as far as their names and shapes tell. */
export async function ownersOf(
  stateDict: StateDict
): Promise<{ readonly model?: string; readonly sentence: string } | undefined> {
  const { modelsFitting } = await import('../models/models-fitting.js')
  const models = modelsFitting(stateDict)
  const [model] = models
  if (model !== undefined) return { model, sentence: `these are ${orList(models)}'s weights` }
  const { translations } = await import('../weights/dialects/translate.js')
  const [found] = translations(stateDict)
  const sentence = found && `their names are ${found.dialect.project}'s, their shapes no model's here`
  return sentence === undefined ? undefined : { sentence }
}

/** The error for weights that do not fit, naming the models that they do fit. */
export async function misfit(
  path: string,
  cause: StateDictError,
  stateDict: StateDict
): Promise<NetworkError> {
  const owners = await ownersOf(stateDict)
  const look = 'resnet weights shows what is in the file'
  const known = owners?.sentence ?? "their names are no known project's"
  const fault = `${cause.message}\n${known}${owners?.model === undefined ? `; ${look}` : ''}`
  return new NetworkError(path, fault, { cause }, owners?.model)
}
