// What is in a file of weights, without a network for it: its container, entries, names, and the models that it fits.
import { naming } from '../base/errors.js'
import { aString, aFunction, checkOptions, type OptionsOf } from '../base/options.js'
import { modelsNamed } from '../models/models-fitting.js'
import { WeightsError } from '../weights/bytes.js'
import type { FileContents } from '../weights/pth/contents.js'
import { translations } from '../weights/dialects/translate.js'
import { readWithContents } from '../weights/read-weights.js'
import { fileName, type FilePath } from '#platform'

const OPTIONS = {
  /** As in `readWeights`. */
  entry: aString,
  /** The project whose names it has; default the one that is recognised. */
  dialect: aString,
  onNote: aFunction<(note: string) => void>()
}

/** Options of `describeWeights`. */
export interface DescribeWeightsOptions extends OptionsOf<typeof OPTIONS> {}

/** What is in a file of weights. */
export interface WeightsDescription extends FileContents {
  /** The project whose names its tensors have, such as `torchvision` or `hf`; undefined for names that none has. */
  readonly dialect: string | undefined
  /** What stands before all names of the network: `module.` */
  readonly prefix: string
  /** Models that it fits, under our names; more are possible where one looks like another. */
  readonly models: readonly string[]
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
 * What is in a file of weights, of any kind that `readWeights` takes.
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
  const { contents, tensors } = await readWithContents(source, reading)
  const [found] = await naming(fileName(source), WeightsError, () => translations(tensors, asked))
  const state = found?.stateDict ?? tensors
  const models = modelsNamed(state)
  const last = [...state].findLast(([key, { shape }]) => key.endsWith('.weight') && shape.length === 2)
  const hasHead = last !== undefined && !found?.isBackbone
  return {
    ...contents,
    dialect: isLightning(contents) && found?.prefix ? 'lightning' : found?.dialect.name,
    prefix: found?.prefix ?? '',
    models,
    hasHead,
    numClasses: hasHead ? last[1].shape[0] : undefined,
    tensors: tensors.size,
    parameters: [...state].reduce((sum, [key, { size }]) => (STATISTICS.test(key) ? sum : sum + size), 0),
    dtypes: [...new Set(Array.from(tensors.values(), ({ dtype }) => dtype))],
    leftOut: found?.leftOut ?? []
  }
}

/** Lightning names tensors by the user's own field, so that its file tells, and not their names. */
function isLightning({ metadata }: FileContents): boolean {
  return 'pytorch-lightning_version' in metadata
}

/** Buffers of normalisations, and what torch's averages count. */
const STATISTICS = /(^|\.)(running_mean|running_var|num_batches_tracked|n_averaged)$/
