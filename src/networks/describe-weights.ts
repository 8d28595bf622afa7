// What is in a file of weights, without a network for it: its container, entries, names, and the models that it fits.
import { naming } from '../base/errors.js'
import { aString, aFunction, checkedLater, checkOptions, type OptionsOf } from '../base/options.js'
import { doubtsOf } from '../models/doubts.js'
import { areLookalikes } from '../models/lookalikes.js'
import { modelsKnown } from '../models/models-fitting.js'
import { WeightsError } from '../weights/bytes.js'
import type { FileContents } from '../weights/pth/contents.js'
import type { HubOptions } from '../weights/hub/hub-settings.js'
import { repositoryOf } from '../weights/hub/repository.js'
import { outputsIn } from '../weights/dialects/find-head.js'
import { translations } from '../weights/dialects/translate.js'
import { readWithContents } from '../weights/read-weights.js'
import { fileName, type FilePath } from '#platform'
import type { RepositoryContents } from './describe-repository.js'
import { networkTensors } from './network-tensors.js'
import { withUsualStem } from './small-stem.js'
import { besideWeights } from './beside-weights.js'
import { toldModel } from './told-model.js'

const OPTIONS = {
  /** As in `readWeights`. */
  entry: aString,
  /** The project whose names it has; default the one that is recognised. */
  dialect: aString,
  onNote: aFunction<(note: string) => void>(),
  /** How the Hugging Face Hub is asked for `hf:owner/name`: token, address, cache. */
  hub: checkedLater<HubOptions | undefined>(),
  /** Called during downloads from the hub, in bytes. */
  onProgress: aFunction<(received: number, total: number | undefined) => void>()
}

/** Options of `describeWeights`. */
export interface DescribeWeightsOptions extends OptionsOf<typeof OPTIONS> {}

/** What is in a file of weights. */
export interface WeightsDescription extends FileContents {
  /** The project whose names its tensors have, such as `torchvision` or `hf`; undefined for names that none has. */
  readonly dialect: string | undefined
  /** What stands before all names of the network: `module.` */
  readonly prefix: string
  /** What stands before the names of other networks in it, of which the option `entry` chooses one. */
  readonly otherPrefixes: readonly string[]
  /** Models that it fits, under our names; more are possible where one looks like another. */
  readonly models: readonly string[]
  /** Models that it would fit if its first convolution had a 7×7 kernel instead of a 3×3 one, as for small pictures. */
  readonly modelsButStem: readonly string[]
  /** What its names cannot tell, as it is taken to be; options of `assume` say otherwise. */
  readonly assumed: readonly string[]
  /** Whether it has a classifier. */
  readonly hasHead: boolean
  /** The classifier's outputs. */
  readonly numClasses: number | undefined
  readonly tensors: number
  /** Numbers in the network's tensors that are learnt: without statistics and counters. */
  readonly parameters: number
  readonly dtypes: readonly string[]
  /** Names of tensors that are no part of the network. */
  readonly leftOut: readonly string[]
}

/**
 * What is in a file of weights, of any kind that `readWeights` takes. Of a repository, its architecture, licence and commit are among
 * the metadata.
 * @throws WeightsError naming the file and the fault.
 * @example
 * const file = encodeWeights(translateWeights(resnet18().stateDict(), { to: 'hf' }))
 * const { dialect, models } = await describeWeights(file)
 * dialect // 'hf'
 * models // ['resnet18']
 */
export async function describeWeights(
  source: FilePath,
  options: DescribeWeightsOptions = {}
): Promise<WeightsDescription> {
  const { dialect: asked, ...reading } = checkOptions('describeWeights', options, OPTIONS)
  const { contents, tensors: all, ...described } = await contentsOf(source, reading)
  const model = described.model ?? (await toldModel(contents.metadata, reading.onNote))?.model
  // A checkpoint of a run holds what its optimizer needs, too.
  const tensors = networkTensors(all)
  const known = await naming(fileName(source), WeightsError, () => translations(tensors, asked))
  const found = known.at(0)
  const state = found?.stateDict ?? tensors
  const numClasses = found?.isBackbone ? undefined : outputsIn(state)
  const models = modelsKnown(tensors, found?.stateDict)
  const usual = models.length === 0 ? withUsualStem(state) : undefined
  return {
    ...contents,
    dialect: isLightning(contents) && found?.prefix ? 'lightning' : found?.dialect.name,
    prefix: found?.prefix ?? '',
    otherPrefixes: [...new Set(known.map(each => each.prefix))].filter(prefix => prefix !== found?.prefix),
    models: models.map(fitting => (model && areLookalikes(model, fitting) ? model : fitting)),
    modelsButStem: usual ? modelsKnown(usual) : [],
    assumed: found ? doubtsOf(found) : [],
    hasHead: numClasses !== undefined,
    numClasses,
    tensors: all.size,
    parameters: [...state].reduce((sum, [key, { size }]) => (STATISTICS.test(key) ? sum : sum + size), 0),
    dtypes: [...new Set(Array.from(tensors.values(), ({ dtype }) => dtype))],
    leftOut: found?.leftOut ?? []
  }
}

async function contentsOf(
  source: FilePath,
  { hub, onProgress, ...reading }: Omit<DescribeWeightsOptions, 'dialect'>
): Promise<Omit<RepositoryContents, 'model'> & { readonly model?: string | undefined }> {
  const repository = repositoryOf(source)
  if (repository === undefined) {
    const { contents, ...read } = await readWithContents(source, reading)
    const architecture = contents.metadata.architecture ?? (await besideWeights(source))?.architecture
    if (architecture === undefined) return { contents, ...read }
    return { contents: { ...contents, metadata: { ...contents.metadata, architecture } }, ...read }
  }
  const { repositoryContents } = await import('./describe-repository.js')
  return repositoryContents(repository, { ...reading, hub, onProgress })
}

/** Lightning names tensors by the user's own field, so that its file tells, and not their names. */
function isLightning({ metadata }: FileContents): boolean {
  return 'pytorch-lightning_version' in metadata
}

/** Buffers of normalisations, and what torch's averages count. */
const STATISTICS = /(^|\.)(running_mean|running_var|num_batches_tracked|n_averaged)$/
