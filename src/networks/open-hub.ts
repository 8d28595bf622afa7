// Weights from a repository: those on the Hugging Face Hub, or a folder that was downloaded from it. Its own files say which
// network they are of, how pictures are prepared, and what its classes are called.
import { ResnetError } from '../base/errors.js'
import { readWeights } from '../weights/read-weights.js'
import {
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
  { hub, entry, onProgress, onNote }: OpenNetworkOptions,
  isAsked: boolean
): Promise<GivenWeights> {
  const snapshot = await openSnapshot(source, { hub, onProgress, onNote })
  const described = await description(snapshot).catch((error: unknown) => {
    if (!isAsked || !(error instanceof ResnetError)) throw error
    onNote?.(`${error.message}; only its weights are used`)
    return undefined
  })
  const file = await weightsFile(snapshot)
  const tensors = await readSnapshot(snapshot, path =>
    readWeights(path, {
      ...(entry !== undefined && { entry }),
      onNote: note => onNote?.(`${source}: ${note}`)
    })
  )
  if (snapshot.commit !== undefined) onNote?.(`${source}: ${file} of commit ${snapshot.commit.slice(0, 12)}`)
  const licence = described?.licence ?? snapshot.licence()
  if (licence !== undefined && !FREE.test(licence)) onNote?.(`${source}: its licence is ${licence}`)
  return {
    path: source,
    tensors: networkTensors(tensors),
    network: described && networkOf(described, tensors, source)
  }
}

/** Licences that allow any use. */
const FREE = /^(apache-?2(\.0)?|mit|bsd(-[23]-clause.*)?|cc0-1\.0|cc-by(-sa)?-\d\.\d|isc|unlicense)$/i

async function description(snapshot: Snapshot): Promise<HubNetwork> {
  if (!(await snapshot.has('config.json'))) {
    const what = snapshot.commit === undefined ? 'is a folder, not a file, and has' : 'has'
    const fault = `${what} no config.json, which says what network it is of: name the model`
    throw new NetworkError(snapshot.name, fault)
  }
  const config = await snapshotText(snapshot, 'config.json')
  const extra = 'preprocessor_config.json'
  const isTransformers = config.includes('"model_type"')
  const preprocessor =
    isTransformers && (await snapshot.has(extra)) ? await snapshotText(snapshot, extra) : undefined
  return readHubNetwork(config, preprocessor, snapshot.name)
}

function networkOf(described: HubNetwork, tensors: StateDict, path: string): GivenWeights['network'] {
  // The head is the last matrix.
  const head = [...tensors.values()].findLast(({ shape }) => shape.length === 2)
  const numClasses = head?.shape[0] ?? described.numClasses ?? 1000
  return {
    model: described.model,
    options: { numClasses, inChannels: described.inChannels, residual: true },
    classes: namesOf(described, numClasses, path),
    transforms: described.transforms
  }
}
