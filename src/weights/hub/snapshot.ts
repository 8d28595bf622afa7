// A repository as a hub or a folder has it: which of its files are the weights, and what is in them.
import { Fault, naming } from '../../base/errors.js'
import { dictionary, partOf, readJson, text } from '../../base/schema.js'
import { quote } from '../../base/words.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { isThere, listFolder, readFile, type FilePath } from '#platform'
import { WeightsError } from '../bytes.js'
import { isHubAddress, isSafePath, readHubAddress, type HubAddress } from './address.js'
import { openHubFiles, type OnProgress } from './hub-files.js'
import type { HubOptions } from './hub-settings.js'
import { besideIndex, type IndexPlace } from './repository.js'

/** The files of a repository, at one commit. */
export interface Snapshot {
  /** In messages: the address, or the folder. */
  readonly name: string
  /** Of a file in it, for messages. */
  readonly nameOf: (file: string) => string
  /** The file that the address or path names, if it does. */
  readonly file: string | undefined
  /** On the hub. */
  readonly address: HubAddress | undefined
  readonly commit: string | undefined
  /** As the repository's card says. */
  readonly licence: () => Promise<string | undefined>
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

/** Opens what `repositoryOf` knows as one. @throws WeightsError */
export async function openSnapshot(source: string, options: SnapshotOptions = {}): Promise<Snapshot> {
  if (isHubAddress(source)) return ofHub(source, options)
  const index = besideIndex(source)
  return index === undefined ? ofFolder(source) : ofIndex(source, index)
}

async function ofHub(source: string, { hub = {}, onProgress, onNote }: SnapshotOptions): Promise<Snapshot> {
  const address = readHubAddress(source)
  const files = await openHubFiles(address, hub, onNote)
  return {
    name: source,
    nameOf: file => `${source}: ${file}`,
    file: address.file,
    address,
    commit: files.commit,
    licence: async () => files.licence,
    names: () => files.names,
    has: file => files.has(file),
    path: file => files.path(file, onProgress)
  }
}

async function ofFolder(folder: string): Promise<Snapshot> {
  const beside = (file: string): string => `${folder.replace(/[/\\]+$/, '')}/${file}`
  const listed = (await naming(folder, WeightsError, () => listFolder(folder))) ?? []
  const names = listed.map(path => path.split(/[/\\]/).at(-1) ?? path)
  return besideEachOther(folder, beside, { names, has: async file => names.includes(file) })
}

/** The files beside an index, of which an address lists none. */
function ofIndex(source: string, { file, beside }: IndexPlace): Snapshot {
  return besideEachOther(source, beside, { file, has: name => isThere(beside(name)) })
}

function besideEachOther(
  name: string,
  beside: (file: string) => string,
  {
    file,
    names,
    has
  }: { readonly file?: string; readonly names?: readonly string[]; readonly has: Snapshot['has'] }
): Snapshot {
  return {
    name,
    nameOf: beside,
    file,
    address: undefined,
    commit: undefined,
    licence: async () => ((await has(CARD)) ? licenceIn(await smallText(beside(CARD))) : undefined),
    names: () => names,
    has,
    path: async other => beside(other)
  }
}

const CARD = 'README.md'
const MOST_CARD_BYTES = 2 ** 20

async function smallText(path: string): Promise<string> {
  const bytes = await readFile(path, { maxBytes: MOST_CARD_BYTES }).catch(() => new Uint8Array())
  return new TextDecoder().decode(bytes)
}

/** The licence that a repository's card begins with, in YAML. */
function licenceIn(card: string): string | undefined {
  const [, facts = ''] = /^---\r?\n([^]*?)\n---/.exec(card) ?? []
  return /^license:[ \t]*(["']?)([\w.-]{1,64})\1[ \t]*\r?$/m.exec(facts)?.[2]
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
  // Of the hub, an index may be in a folder of its own.
  const folder = folderOf(file)
  const parts = await naming(index, WeightsError, async () => {
    const { weight_map: map } = readJson(await snapshotText(snapshot, file), 'it', readIndex)
    const byPart = new Map<string, string[]>()
    for (const [key, name] of Object.entries(map)) {
      if (!isSafePath(name) || leadsOut(name))
        throw new Fault(`names a part ${quote(name)}, which leads out of its folder`)
      const part = folder + name
      const keys = byPart.get(part)
      if (keys) keys.push(key)
      else byPart.set(part, [key])
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

/** Whether a path would leave its folder as a part of an address, where dots may be written as codes. */
function leadsOut(path: string): boolean {
  return path.split('/').some(part => /^(\.|%2e){1,2}$/i.test(part)) || /%(2f|5c)/i.test(path)
}

/** The folder in a repository that a file is in: empty, or with a slash. */
export function folderOf(file: string | undefined): string {
  return file === undefined ? '' : file.slice(0, file.lastIndexOf('/') + 1)
}

/** The error that a file is missing, with the hub's address where the path is a repository's name, as the hub shows it. */
export function withHubAddress(path: FilePath, missing: WeightsError): WeightsError {
  const isName = typeof path === 'string' && /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(path)
  if (!isName || /\.(pth?|tar|ckpt|bin|pkl|safetensors|npz|onnx|json)$/i.test(path)) return missing
  const fault = `${missing.fault}; on the Hugging Face Hub it is hf:${path}`
  return new WeightsError(path, fault, { cause: missing })
}
