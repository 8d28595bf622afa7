// Weights from a repository: those on the Hugging Face Hub, or a folder that was downloaded from it. Its own files say which
// network they are of, how pictures are prepared, and what its classes are called.
import { naming, ResnetError } from '../base/errors.js'
import { WeightsError } from '../weights/bytes.js'
import { outputsIn } from '../weights/dialects/find-head.js'
import { translations } from '../weights/dialects/translate.js'
import { readWeights } from '../weights/read-weights.js'
import {
  folderOf,
  openSnapshot,
  readSnapshot,
  snapshotText,
  weightsFile,
  type Snapshot
} from '../weights/hub/snapshot.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { GivenWeights } from './given-weights.js'
import { namesOf, readHubNetwork, type HubNetwork } from './hub-config.js'
import { NetworkError } from './network-error.js'
import { networkTensors } from './network-tensors.js'
import type { OpenNetworkOptions } from './opening.js'

/**
 * Weights from a repository, with what it says of their network.
 * @param isAsked whether the caller names the network: then a repository that describes none of this package's gives its weights.
 * @throws NetworkError, WeightsError
 */
export async function hubWeights(
  source: string,
  { hub, entry, dialect, testSize, onProgress, onNote }: OpenNetworkOptions,
  isAsked: boolean
): Promise<GivenWeights> {
  const snapshot = await openSnapshot(source, { hub, onProgress, onNote })
  const unlessAsked = (error: unknown): undefined => {
    if (!isAsked || !(error instanceof ResnetError)) throw error
    onNote?.(`${error.message}; only its weights are used`)
  }
  const described = await description(snapshot, testSize).catch(unlessAsked)
  const file = await weightsFile(snapshot)
  const tensors = await readSnapshot(snapshot, path =>
    readWeights(path, {
      ...(entry !== undefined && { entry }),
      onNote: note => onNote?.(`${source}: ${note}`)
    })
  )
  if (snapshot.commit !== undefined) onNote?.(`${source}: ${file} of commit ${snapshot.commit.slice(0, 12)}`)
  const licence = described?.licence ?? (await snapshot.licence())
  if (licence !== undefined && !FREE.test(licence)) onNote?.(`${source}: its licence is ${licence}`)
  if (licence === undefined && wasAsked(snapshot)) onNote?.(`${source}: it states no licence`)
  const network = await networkOf(described, tensors, source, dialect).catch(unlessAsked)
  return { path: source, tensors: networkTensors(tensors), network, licence }
}

/** Whether the hub itself said what it knows: only then can it have stated no licence. */
export function wasAsked({ commit, names }: Snapshot): boolean {
  return commit !== undefined && names() !== undefined
}

/** Licences that allow any use. */
const FREE = /^(apache-?2(\.0)?|mit|bsd(-[23]-clause.*)?|cc0-1\.0|cc-by(-sa)?-\d\.\d|isc|unlicense)$/i

/** What a repository says of its network. @throws NetworkError, WeightsError */
export async function description(snapshot: Snapshot, testSize?: boolean): Promise<HubNetwork> {
  const folder = await configFolder(snapshot)
  if (folder === undefined) {
    const what =
      snapshot.commit === undefined && snapshot.file === undefined
        ? 'is a folder, not a file, and has'
        : 'has'
    const fault = `${what} no config.json, which says what network it is of: name the model`
    throw new NetworkError(snapshot.name, fault)
  }
  const config = await snapshotText(snapshot, folder + CONFIG)
  const extra = `${folder}preprocessor_config.json`
  const isTransformers = config.includes('"model_type"')
  const preprocessor =
    isTransformers && (await snapshot.has(extra)) ? await snapshotText(snapshot, extra) : undefined
  return readHubNetwork(config, preprocessor, snapshot.name, testSize)
}

export const CONFIG = 'config.json'

/** The folder in which a repository describes its network: that of the weights, or its first one. */
export async function configFolder({ file, has }: Snapshot): Promise<string | undefined> {
  for (const folder of new Set([folderOf(file), ''])) if (await has(folder + CONFIG)) return folder
  return undefined
}

async function networkOf(
  described: HubNetwork | undefined,
  tensors: StateDict,
  path: string,
  dialect: string | undefined
): Promise<GivenWeights['network']> {
  if (described === undefined) return undefined
  const [found] = await naming(path, WeightsError, () => translations(tensors, dialect))
  const numClasses =
    (found?.isBackbone ? undefined : outputsIn(found?.stateDict ?? tensors)) ?? described.numClasses ?? 1000
  return {
    model: described.model,
    options: {
      numClasses,
      inChannels: described.inChannels,
      residual: true,
      ...(described.arithmetic && { arithmetic: described.arithmetic })
    },
    classes: namesOf(described, numClasses, path),
    transforms: described.transforms
  }
}
