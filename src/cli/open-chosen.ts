// Opens the network that a command line names.
import { ResnetError } from '../base/errors.js'
import { formatBytes } from '../base/figures.js'
import type { Shape } from '../ir/shape.js'
import { namedModel, publishedWeights } from '../networks/named-model.js'
import { openNetwork } from '../networks/open-network.js'
import {
  BUNDLED,
  isPath,
  isScript,
  type Assumptions,
  type OpenedNetwork,
  type OpenNetworkOptions
} from '../networks/opening.js'
import { isHubAddress } from '../weights/hub/address.js'
import { repositoryOf } from '../weights/hub/repository.js'
import { assertNoFolder } from './no-folder.js'
import { USUAL_MODEL, type NetworkUse } from './network-options.js'
import { clearLine, progressDrawer, say } from './terminal/output.js'

/** The options of network-options.ts, parsed. */
export interface NetworkChoice {
  readonly model?: string | undefined
  readonly checkpoint?: string | undefined
  readonly weights?: string | undefined
  readonly entry?: string | undefined
  readonly dialect?: string | undefined
  readonly assume?: Assumptions | undefined
  readonly seed?: number | undefined
  readonly numClasses?: number | undefined
  readonly export?: string | undefined
  readonly testSize?: boolean | undefined
}

export function withModel(model: string | undefined, choice: NetworkChoice): NetworkChoice {
  if (model === undefined) return choice
  if (choice.model === undefined) return { ...choice, model }
  throw new ResnetError(`MODEL ${model} and --model ${choice.model} both say which network: leave one out`)
}

/** Adds the default model if neither a model nor a checkpoint is given. */
export function usualModel<C extends NetworkChoice>(choice: C): C {
  const isKnown =
    (choice.model ?? choice.checkpoint) !== undefined || repositoryOf(choice.weights) !== undefined
  return !isKnown ? { ...choice, model: USUAL_MODEL } : choice
}

/** @throws ResnetError when options conflict or none names a network. */
export function requestOf(
  {
    model,
    checkpoint,
    weights,
    entry,
    dialect,
    assume,
    seed,
    numClasses,
    testSize,
    export: exported
  }: NetworkChoice,
  use: NetworkUse['use']
): { readonly source: string; readonly options: OpenNetworkOptions } {
  for (const [name, value] of Object.entries({ model, checkpoint, weights, entry, dialect })) {
    if (value === '') throw new ResnetError(`--${name}: expected a name or a file, got ''`)
  }
  const isFile: boolean = model !== undefined && isScript(model)
  if (exported !== undefined && !isFile) {
    throw new ResnetError('--export chooses from a file: name one as MODEL, such as ./my-net.mjs')
  }
  for (const [name, value] of Object.entries({ entry, dialect, assume })) {
    if (value === undefined || weights !== undefined) continue
    throw new ResnetError(`--${name} is about a file of weights: name one with --weights`)
  }
  const options = { weights, entry, dialect, assume, seed, numClasses, testSize, export: exported }
  if (checkpoint !== undefined) {
    if (model !== undefined && !isFile) {
      throw new ResnetError(`--checkpoint ${checkpoint} says which model it is of: leave out '${model}'`)
    }
    const isName = checkpoint === BUNDLED || isPath(checkpoint)
    return { source: isName ? checkpoint : `./${checkpoint}`, options: { ...options, file: model } }
  }
  // A repository says which network its weights are of.
  const repository = model === undefined ? repositoryOf(weights) : undefined
  if (repository !== undefined) {
    const isPlace: boolean = isHubAddress(repository) || isPath(repository)
    const source = isPlace ? repository : `./${repository}`
    return { source, options: { ...options, weights: undefined } }
  }
  if (model === undefined) {
    const remedy =
      'Name a model that `resnet list` shows or a file such as ./my-net.mjs, or give --checkpoint'
    throw new ResnetError(`Which network? ${remedy}`)
  }
  if (seed !== undefined && use !== 'train' && (model === BUNDLED || isPath(model)) && !isFile) {
    throw new ResnetError(
      `--seed makes untrained weights, but ${model} is a checkpoint with its own: leave out --seed`
    )
  }
  const isUntold = weights === undefined && seed === undefined && !isPath(model)
  return {
    source: model,
    options: use === 'apply' && isUntold ? { ...options, weights: 'DEFAULT' } : options
  }
}

const REMEDY = 'give a file with --weights, or --seed 0 for untrained weights'

/**
 * Opens the chosen network; adaptations of its weights are reported on stderr.
 * @throws ResnetError for an unknown network or conflicting options.
 */
export async function openChosen(
  choice: NetworkChoice,
  use: NetworkUse['use'],
  more: OpenNetworkOptions = {}
): Promise<OpenedNetwork> {
  const { source, options } = requestOf(choice, use)
  for (const file of [choice.checkpoint, choice.weights, source]) {
    if (file !== undefined && (file !== source || isPath(source))) assertNoFolder(file)
  }
  if (options.weights === 'DEFAULT') await publishedWeights(await namedModel(source), 'DEFAULT', REMEDY)
  const { checkpoint, weights, seed } = choice
  const isUntrained = [checkpoint, weights, seed].every(given => given === undefined)
  if (use === 'apply' && isUntrained && isScript(source)) {
    say(`${source}: no --weights or --checkpoint is given, so its network is untrained`)
  }
  const draw = progressDrawer()
  const onProgress = (received: number, total?: number): void =>
    draw(() => downloadLine(source, received, total))
  try {
    const opened = await openNetwork(source, { onProgress, ...options, ...more, onNote: say })
    clearLine()
    return opened
  } catch (error) {
    const isDownload = error instanceof ResnetError && /^https?:\/\//.test(error.message)
    throw isDownload ? new ResnetError(`${error.message}; ${REMEDY}`, { cause: error }) : error
  }
}

/** How far a download is. */
export function downloadLine(model: string, received: number, total: number | undefined): string {
  const size = total === undefined ? '' : ` of ${formatBytes(total)}`
  return `downloading the weights of ${model}: ${formatBytes(received)}${size}`
}

/** @throws ResnetError when neither the user nor the network's file gives the input's shape. */
export function inputOf(
  { model, shape }: Pick<OpenedNetwork, 'model' | 'shape'>,
  options?: { readonly input?: Shape | undefined }
): Shape {
  if (options?.input) return options.input
  if (shape) return [1, ...shape]
  const remedy = options ? 'Give --input 1,3,224,224, or let the file' : 'Let the file'
  throw new ResnetError(`What goes into ${model}? ${remedy} export inputShape`)
}
