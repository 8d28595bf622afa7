import { PathError } from '../base/errors.js'
import { counted } from '../base/figures.js'
import { orList } from '../base/words.js'
import type { LoadReport, StateDictError } from '../nn/module/state-dict.js'
import type { StateDict } from '../tensor/state-dict.js'
import { zeros } from '../tensor/tensor.js'

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
  stateDict: StateDict,
  report?: LoadReport
): Promise<{ readonly model?: string; readonly sentence: string } | undefined> {
  const { modelsFitting } = await import('../models/models-fitting.js')
  const models = modelsFitting(stateDict)
  const [model] = models
  if (model !== undefined) return { model, sentence: `these are ${orList(models)}'s weights` }
  const nearly = report && nearlyFitting(stateDict, report, modelsFitting)
  if (nearly !== undefined) return { sentence: nearly }
  const { translations } = await import('../weights/dialects/translate.js')
  const [found] = translations(stateDict)
  const sentence = found && `their names are ${found.dialect.project}'s, their shapes no model's here`
  return sentence === undefined ? undefined : { sentence }
}

/** What keeps weights from fitting, where it is one thing. */
function nearlyFitting(
  stateDict: StateDict,
  { missingKeys, unexpectedKeys, mismatched }: LoadReport,
  modelsFitting: (stateDict: StateDict) => readonly string[]
): string | undefined {
  if (missingKeys.length > 0 && missingKeys.every(key => STATISTIC.test(key))) {
    return unexpectedKeys.length + mismatched.length > 0
      ? undefined
      : 'these are parameters alone, without the statistics of normalisations: save net.state_dict() instead'
  }
  if (missingKeys.length > 0) return undefined
  const own = new Map([...stateDict].filter(([key]) => !unexpectedKeys.includes(key)))
  const [stem] = mismatched
  const isSmall = mismatched.length === 1 && stem?.key === 'conv1.weight' && stem.found.at(-1) === 3
  if (isSmall) own.set(stem.key, zeros(stem.expected))
  const models = modelsFitting(own)
  if (models.length === 0) return undefined
  const more = counted(unexpectedKeys.length, 'tensor', 'tensors')
  return isSmall
    ? `these are ${orList(models)}'s weights with a 3×3 stem, for small pictures: build that in a JavaScript file, with the option stem of the constructor, and give it as the model`
    : `these are ${orList(models)}'s weights, with ${more} of something else`
}

/** What is to be said where the first convolution is for pictures of other channels, and nothing else differs. */
function channelsOf({ missingKeys, unexpectedKeys, mismatched: [stem, ...more] }: LoadReport): string {
  if (!stem || missingKeys.length + unexpectedKeys.length + more.length > 0) return ''
  const [outputs, channels, ...window] = stem.found
  const [, expected] = stem.expected
  const isOther = [outputs, expected, ...window].join() === stem.expected.join() && window.length > 0
  return isOther && channels !== undefined
    ? `, for pictures of ${counted(channels, 'channel', 'channels')}: the option inChannels builds the network so`
    : ''
}

const STATISTIC = /(^|\.)running_(mean|var)$/

/** The error for weights that do not fit, naming the models that they do fit. */
export async function misfit(
  path: string,
  cause: StateDictError,
  stateDict: StateDict
): Promise<NetworkError> {
  const owners = await ownersOf(stateDict, cause.report)
  const look = 'resnet weights shows what is in the file'
  const known = owners?.sentence ?? "their names are no known project's"
  const forChannels = channelsOf(cause.report)
  const fault = `${cause.message}\n${known}${forChannels}${owners?.model === undefined ? `; ${look}` : ''}`
  return new NetworkError(path, fault, { cause }, owners?.model)
}
