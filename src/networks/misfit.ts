// Why weights do not fit a network, as far as their names and shapes tell, and what to do.
import { counted, formatCount } from '../base/figures.js'
import { orList, quote } from '../base/words.js'
import type { LoadReport, StateDictError } from '../nn/module/state-dict.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { Translation } from '../weights/dialects/translate.js'
import { NetworkError } from './network-error.js'
import { withUsualStem } from './small-stem.js'

/** What weights are, as far as their names and shapes tell. */
export async function ownersOf(
  stateDict: StateDict,
  report?: LoadReport,
  given = stateDict
): Promise<{ readonly model?: string; readonly sentence: string } | undefined> {
  if (given.size === 0) return { sentence: 'it holds no tensors' }
  const { modelsFitting } = await import('../models/models-fitting.js')
  const models = modelsFitting(stateDict)
  const [model] = models
  if (model !== undefined) return { model, sentence: `these are ${orList(models)}'s weights` }
  const nearly = report && nearlyFitting(stateDict, report, modelsFitting)
  if (nearly !== undefined) return { sentence: nearly }
  const { translations } = await import('../weights/dialects/translate.js')
  const [found] = translations(given)
  const incomplete = report && (await incompleteness(stateDict, report, given, found))
  const sentence =
    incomplete ?? (found && `their names are ${found.dialect.project}'s, their shapes no model's here`)
  return sentence === undefined ? undefined : { sentence }
}

/** What is known of weights that lack some of the network's names, but not most of them. */
async function incompleteness(
  stateDict: StateDict,
  { missingKeys, unexpectedKeys, mismatched }: LoadReport,
  given: StateDict,
  found: Translation | undefined
): Promise<string | undefined> {
  const present = stateDict.size - unexpectedKeys.length
  if (missingKeys.length === 0 || mismatched.length > 0 || present === 0) return undefined
  const prefix = prefixOfSome(missingKeys, unexpectedKeys, given, found?.prefix)
  if (prefix !== undefined) return `only some of their names begin with ${quote(prefix)}: take it off those`
  const project = found?.dialect.project
  const other = project === undefined ? undefined : await projectNaming(missingKeys, given)
  if (other !== undefined)
    return `some of their names are ${project}'s, others ${other}'s: take all tensors from one network`
  if (missingKeys.length > present) return undefined
  const all = formatCount(present + missingKeys.length)
  const names = project === undefined ? '' : `their names are ${project}'s, and `
  const lacks = `${formatCount(missingKeys.length)} of the network's ${all} tensors ${missingKeys.length === 1 ? 'is' : 'are'} missing`
  return `${names}${lacks}: save all of net.state_dict()`
}

/** What stands before the missing names alone, or before all others. */
function prefixOfSome(
  missing: readonly string[],
  unexpected: readonly string[],
  given: StateDict,
  prefix = ''
): string | undefined {
  if (prefix !== '' && missing.every(key => given.has(key))) return prefix
  const [first = ''] = missing
  const before = unexpected.find(key => key.endsWith(`.${first}`))?.slice(0, -first.length)
  const wrapped = new Set(unexpected)
  return before !== undefined && missing.every(key => wrapped.has(before + key)) ? before : undefined
}

/** The project under whose names a file has what is missing. */
async function projectNaming(missing: readonly string[], given: StateDict): Promise<string | undefined> {
  if (missing.every(key => given.has(key))) return 'PyTorch'
  const { DIALECTS } = await import('../weights/dialects/dialects.js')
  const { renaming } = await import('../weights/dialects/renaming.js')
  const naming = DIALECTS.find(({ rules = [] }) => {
    const names = new Set(Array.from(given.keys(), renaming(rules)))
    return missing.every(key => names.has(key))
  })
  return naming?.project
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
  const usual = mismatched.length === 1 && stem?.key === 'conv1.weight' ? withUsualStem(own) : undefined
  const models = modelsFitting(usual ?? own)
  if (models.length === 0) return undefined
  const more = counted(unexpectedKeys.length, 'tensor', 'tensors')
  return usual
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

/**
 * The error for weights that do not fit, naming the models that they do fit.
 * @param given the weights under the names of their file.
 */
export async function misfit(
  path: string,
  cause: StateDictError,
  stateDict: StateDict,
  given: StateDict
): Promise<NetworkError> {
  const owners = await ownersOf(stateDict, cause.report, given)
  const look = 'resnet weights shows what is in the file'
  const known = owners?.sentence ?? "their names are no known project's"
  const forChannels = channelsOf(cause.report)
  const fault = `${cause.message}\n${known}${forChannels}${owners?.model === undefined ? `; ${look}` : ''}`
  return new NetworkError(path, fault, { cause }, owners?.model)
}
