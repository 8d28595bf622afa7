// What is in a repository's weights, and what the repository says of them.
import { ResnetError } from '../base/errors.js'
import type { StateDict } from '../tensor/state-dict.js'
import { HUB_SCHEME } from '../weights/hub/address.js'
import {
  openSnapshot,
  readSnapshot,
  snapshotText,
  weightsFile,
  type Snapshot
} from '../weights/hub/snapshot.js'
import type { FileContents } from '../weights/pth/contents.js'
import { readWithContents } from '../weights/read-weights.js'
import { architectureIn } from './hub-config.js'
import { CONFIG, configFolder, description, wasAsked } from './open-hub.js'
import type { OpenNetworkOptions } from './opening.js'

export interface RepositoryContents {
  readonly contents: FileContents
  readonly tensors: StateDict
  /** The model that its description names, if it is one of this package's. */
  readonly model: string | undefined
}

/** What `describeWeights` says of a file, of a repository. @throws WeightsError */
export async function repositoryContents(
  source: string,
  { entry, onNote, ...asking }: Pick<OpenNetworkOptions, 'entry' | 'onNote' | 'hub' | 'onProgress'>
): Promise<RepositoryContents> {
  const snapshot = await openSnapshot(source, { onNote, ...asking })
  const file = await weightsFile(snapshot)
  const parts: FileContents[] = []
  const tensors = await readSnapshot(snapshot, async path => {
    const { contents, tensors } = await readWithContents(path, {
      ...(entry !== undefined && { entry }),
      ...(onNote && { onNote })
    })
    parts.push(contents)
    return tensors
  })
  const [first] = parts
  const { address, commit } = snapshot
  const place =
    address === undefined ? source : `${HUB_SCHEME}${address.repository}@${commit ?? address.revision}`
  const described = await orNothing(description(snapshot))
  const facts = {
    architecture: await orNothing(architecture(snapshot)),
    licence:
      described?.licence ?? (await snapshot.licence()) ?? (wasAsked(snapshot) ? 'not stated' : undefined),
    repository: address?.repository,
    revision: address?.revision,
    commit,
    file
  }
  const told = Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined)
  const container = parts.length > 1 ? `${first?.container} in ${parts.length} files` : first?.container
  return {
    contents: {
      ...first,
      container: `${container ?? 'nothing'} from ${place}`,
      entry: first?.entry ?? '',
      entries: first?.entries ?? [''],
      metadata: { ...Object.fromEntries(told), ...first?.metadata },
      opaque: [...new Set(parts.flatMap(({ opaque }) => opaque))]
    },
    tensors,
    model: described?.model
  }
}

async function architecture(snapshot: Snapshot): Promise<string | undefined> {
  const folder = await configFolder(snapshot)
  return folder === undefined ? undefined : architectureIn(await snapshotText(snapshot, folder + CONFIG))
}

/** A description that cannot be read is no reason to say nothing of the weights. */
async function orNothing<T>(telling: Promise<T>): Promise<T | undefined> {
  return telling.catch((error: unknown) => {
    if (!(error instanceof ResnetError)) throw error
    return undefined
  })
}
