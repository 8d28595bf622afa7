// A repository as a hub or a folder has it: which of its files are the weights, and what is in them.
import { Fault, naming } from '../../base/errors.js'
import { dictionary, partOf, readJson, text } from '../../base/schema.js'
import { quote } from '../../base/words.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { listFolder, readFile } from '#platform'
import { WeightsError } from '../bytes.js'
import { isHubAddress, isSafePath, readHubAddress } from './address.js'
import { openHubFiles, type OnProgress } from './hub-files.js'
import type { HubOptions } from './hub-settings.js'

/** The files of a repository, at one commit. */
export interface Snapshot {
  /** In messages: the address, or the folder. */
  readonly name: string
  /** Of a file in it, for messages. */
  readonly nameOf: (file: string) => string
  /** The file that the address names, if it does. */
  readonly file: string | undefined
  readonly commit: string | undefined
  /** As the repository's card says. */
  readonly licence: () => string | undefined
  readonly names: () => readonly string[] | undefined
  readonly has: (file: string) => Promise<boolean>
  /** The path of a file, downloaded if it has to be. */
  readonly path: (file: string) => Promise<string>
}

export interface SnapshotOptions {
  readonly hub?: HubOptions | undefined
  readonly onProgress?: OnProgress | undefined
  readonly onNote?: ((note: string) => void) | undefined
}

/** Opens an address on the hub, or a folder. @throws WeightsError */
export async function openSnapshot(source: string, options: SnapshotOptions = {}): Promise<Snapshot> {
  return isHubAddress(source) ? ofHub(source, options) : ofFolder(source)
}

async function ofHub(source: string, { hub = {}, onProgress, onNote }: SnapshotOptions): Promise<Snapshot> {
  const address = readHubAddress(source)
  const files = await openHubFiles(address, hub, onNote)
  return {
    name: source,
    nameOf: file => `${source}: ${file}`,
    file: address.file,
    commit: files.commit,
    licence: () => files.licence,
    names: () => files.names,
    has: file => files.has(file),
    path: file => files.path(file, onProgress)
  }
}

async function ofFolder(folder: string): Promise<Snapshot> {
  const beside = (file: string): string => `${folder.replace(/[/\\]+$/, '')}/${file}`
  const listed = (await naming(folder, WeightsError, () => listFolder(folder))) ?? []
  const names = listed.map(path => path.split(/[/\\]/).at(-1) ?? path)
  return {
    name: folder,
    nameOf: beside,
    file: undefined,
    commit: undefined,
    licence: () => undefined,
    names: () => names,
    has: async file => names.includes(file),
    path: async file => beside(file)
  }
}

/** In order of preference, as transformers and timm look for them. */
const WEIGHT_FILES = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
  'pytorch_model.pth',
  'model.pth'
] as const

/** The file with the weights, or with the list of its parts. @throws WeightsError naming what there is. */
export async function weightsFile(snapshot: Snapshot): Promise<string> {
  if (snapshot.file !== undefined) return snapshot.file
  for (const file of WEIGHT_FILES) if (await snapshot.has(file)) return file
  // Any other folder.
  if (snapshot.commit === undefined && !(await snapshot.has('config.json')))
    throw new WeightsError(snapshot.name, 'is a folder, not a file')
  const others = (snapshot.names() ?? []).filter(name => /\.(safetensors|bin|pth|pt|ckpt)$/.test(name))
  const [example] = others
  const remedy =
    example === undefined
      ? `expected ${WEIGHT_FILES[0]} or ${WEIGHT_FILES[2]}`
      : `it has ${others.slice(0, 5).map(quote).join(', ')}: name one, as in ${snapshot.nameOf(example).replace(': ', '/')}`
  throw new WeightsError(snapshot.name, `has no weights of a usual name; ${remedy}`)
}

const MOST_JSON_BYTES = 2 ** 25

/** A text file of a repository. @throws WeightsError */
export async function snapshotText(snapshot: Snapshot, file: string): Promise<string> {
  const path = await snapshot.path(file)
  const bytes = await naming(snapshot.nameOf(file), WeightsError, () =>
    readFile(path, { maxBytes: MOST_JSON_BYTES })
  )
  return new TextDecoder().decode(bytes)
}

const MOST_TENSORS = 32_768
const readIndex = partOf({ weight_map: dictionary(text(1024), MOST_TENSORS) })

/**
 * The tensors of a repository, of all its parts if it has several.
 * @param read reads one file.
 * @throws WeightsError naming a part that is missing.
 */
export async function readSnapshot(
  snapshot: Snapshot,
  read: (path: string) => Promise<StateDict>
): Promise<StateDict> {
  const file = await weightsFile(snapshot)
  if (!file.endsWith('.index.json')) return read(await snapshot.path(file))
  const index = snapshot.nameOf(file)
  const parts = await naming(index, WeightsError, async () => {
    const { weight_map: map } = readJson(await snapshotText(snapshot, file), 'it', readIndex)
    const byPart = new Map<string, string[]>()
    for (const [key, part] of Object.entries(map)) {
      if (!isSafePath(part)) throw new Fault(`names a part ${quote(part)}, which leads out of its folder`)
      byPart.set(part, [...(byPart.get(part) ?? []), key])
    }
    for (const part of byPart.keys()) {
      if (!(await snapshot.has(part)))
        throw new Fault(`names the part ${part}, which is not there: download the repository whole`)
    }
    return byPart
  })
  const tensors: StateDict = new Map()
  for (const [part, keys] of parts) {
    const found = await read(await snapshot.path(part))
    for (const key of keys) {
      const tensor = found.get(key)
      if (!tensor) {
        const fault = `has no tensor ${quote(key)}, which ${file} promises: download the repository again`
        throw new WeightsError(snapshot.nameOf(part), fault)
      }
      tensors.set(key, tensor)
    }
  }
  return tensors
}
