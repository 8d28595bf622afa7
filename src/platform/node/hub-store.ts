// Files of the Hugging Face Hub in the cache that Python's huggingface_hub shares: blobs by their hash, snapshots of links to
// them, refs from branches to commits. Locks are left out: names of unfinished files are unique, and renaming is atomic.
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { FileError } from '../file.js'
import {
  kindOfEtag,
  repositoryFolder,
  type HubEnvironment,
  type HubPlace,
  type HubStore
} from '../hub-store.js'
import { named } from './files.js'
import { makeFolder } from './folders.js'
import { gitHash } from './git-hash.js'
import { Sha256 } from './sha256.js'
import { removeAbandoned } from './temporary.js'

/** A redirect's own headers can be read. */
export const SEES_REDIRECTS = true

function variable(...names: readonly string[]): string | undefined {
  // An empty variable counts as none.
  return names.map(name => process.env[name]).find(value => value !== undefined && value !== '')
}

function isSet(...names: readonly string[]): boolean {
  return names.some(name => /^(1|on|yes|true)$/i.test(process.env[name] ?? ''))
}

/** `~` and variables, as Python expands them. */
function expanded(path: string): string {
  return path
    .replace(/^~(?=$|[/\\])/, () => homedir())
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced?: string, bare?: string) => {
      return process.env[braced ?? bare ?? ''] ?? all
    })
}

function home(): string {
  return expanded(
    variable('HF_HOME') ?? join(variable('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'huggingface')
  )
}

/** The variables that Python's huggingface_hub reads, too. */
export async function hubEnvironment(): Promise<HubEnvironment> {
  const endpoint = variable('HF_ENDPOINT')
  const token = isSet('HF_HUB_DISABLE_IMPLICIT_TOKEN') ? undefined : await ownToken()
  const etagTimeoutMs = milliseconds('HF_HUB_ETAG_TIMEOUT')
  const downloadTimeoutMs = milliseconds('HF_HUB_DOWNLOAD_TIMEOUT')
  return {
    isOffline: isSet('HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'),
    ...(endpoint !== undefined && { endpoint }),
    ...(token !== undefined && { token }),
    ...(etagTimeoutMs !== undefined && { etagTimeoutMs }),
    ...(downloadTimeoutMs !== undefined && { downloadTimeoutMs })
  }
}

function milliseconds(name: string): number | undefined {
  const seconds = Number(variable(name))
  return seconds > 0 ? 1000 * seconds : undefined
}

async function ownToken(): Promise<string | undefined> {
  const given = variable('HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN')?.trim()
  if (given !== undefined) return given
  const file = expanded(variable('HF_TOKEN_PATH') ?? join(home(), 'token'))
  const saved = (await smallText(file))?.trim()
  return saved === '' ? undefined : saved
}

const MOST_NOTE_BYTES = 4096

/** A small file's text; to open a pipe would wait for its writer. */
async function smallText(path: string): Promise<string | undefined> {
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isFile() !== true || stats.size > MOST_NOTE_BYTES) return undefined
  return readFile(path, 'utf8').catch(() => undefined)
}

/** @param folder default the one that Python takes: `HF_HUB_CACHE`, or `hub` in `HF_HOME`. */
export function openHubStore(folder?: string): HubStore {
  const shared = variable('HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE')
  const root = folder ?? (shared === undefined ? join(home(), 'hub') : expanded(shared))
  return new FolderStore(root, folder === undefined)
}

// https://bford.info/cachedir/: backups leave the folder out.
const CACHE_TAG = 'Signature: 8a477f597d28d172789f06886806bc55\n'
const COMMIT = /^[\da-f]{40}$/

class FolderStore implements HubStore {
  readonly #root: string
  readonly #isUsual: boolean

  constructor(root: string, isUsual: boolean) {
    this.#root = root
    this.#isUsual = isUsual
  }

  #in(repository: string, ...parts: readonly string[]): string {
    return join(this.#root, repositoryFolder(repository), ...parts)
  }

  #pointer({ repository, commit, file }: HubPlace): string {
    return this.#in(repository, 'snapshots', commit, file)
  }

  async ref(repository: string, revision: string): Promise<string | undefined> {
    const commit = (await smallText(this.#in(repository, 'refs', revision)))?.trim()
    return commit !== undefined && COMMIT.test(commit) ? commit : undefined
  }

  async keepRef(repository: string, revision: string, commit: string): Promise<void> {
    if ((await this.ref(repository, revision)) === commit) return
    const path = this.#in(repository, 'refs', revision)
    await this.#writing(async () => {
      await this.#folders(dirname(path))
      await replaced(path, temporary => writeFile(temporary, commit, { flag: 'wx' }))
    }, path)
  }

  async find(place: HubPlace): Promise<string | undefined> {
    const path = this.#pointer(place)
    // The link's own target, since a blob may itself be a link into a store that repositories share.
    const target = await readlink(path).catch(() => undefined)
    return (await isWhole(path, target === undefined ? '' : basename(target))) ? path : undefined
  }

  async isMissing({ repository, commit, file }: HubPlace): Promise<boolean> {
    const noted = await stat(this.#in(repository, '.no_exist', commit, file)).catch(() => undefined)
    return noted?.isFile() === true
  }

  async share(place: HubPlace, etag: string): Promise<string | undefined> {
    const blob = this.#in(place.repository, 'blobs', etag)
    if (!(await isWhole(blob, etag))) return undefined
    await this.#writing(() => this.#point(place, blob, false), this.#pointer(place))
    return this.#pointer(place)
  }

  async keep(place: HubPlace, etag: string, chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<string> {
    const blob = this.#in(place.repository, 'blobs', etag)
    const temporary = unfinished(blob)
    await this.#writing(async () => {
      await this.#folders(dirname(blob))
      await removeAbandoned(dirname(blob), name => UNFINISHED.test(name))
      try {
        const handle = await open(temporary, 'wx')
        try {
          for await (const chunk of chunks) await handle.writeFile(chunk)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(temporary, blob)
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined)
        throw error
      }
      await this.#point(place, blob, true)
    }, blob)
    return this.#pointer(place)
  }

  /** A relative link from the snapshot to a blob; where there are no links, a new blob itself is moved there, as Python does. */
  async #point(place: HubPlace, blob: string, isNew: boolean): Promise<void> {
    const pointer = this.#pointer(place)
    await makeFolder(dirname(pointer))
    try {
      if (isSet('HF_HUB_DISABLE_SYMLINKS')) throw new Error('no links are wanted')
      await replaced(pointer, temporary => symlink(relative(dirname(pointer), blob), temporary, 'file'))
    } catch {
      if (isNew) await rename(blob, pointer)
      else await replaced(pointer, async temporary => writeFile(temporary, createReadStream(blob)))
    }
  }

  async #folders(path: string): Promise<void> {
    await makeFolder(path)
    const tag = join(this.#root, 'CACHEDIR.TAG')
    await writeFile(tag, CACHE_TAG, { flag: 'wx' }).catch(() => undefined)
  }

  /** Says what cannot be written there, and the remedy, to those who did not choose the folder in a call. */
  async #writing(write: () => Promise<void>, path: string): Promise<void> {
    try {
      await named(path, write)
    } catch (cause) {
      if (!(cause instanceof FileError) || !this.#isUsual) throw cause
      const remedy = "the hub's files are kept here; HF_HUB_CACHE names another folder"
      throw new FileError(cause.path, `${cause.fault}: ${remedy}`, { cause })
    }
  }
}

function unfinished(path: string): string {
  return `${path}.${randomBytes(4).toString('hex')}.incomplete`
}

/** Names of unfinished blobs; Python's have no digits of their own, and it goes on with them. */
const UNFINISHED = /^[\da-f]{40,64}\.[\da-f]{8}\.incomplete$/

/** Makes a file beside its place and renames it. */
async function replaced(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = unfinished(path)
  try {
    await make(temporary)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}

/** What each file was when it was checked, so that a process hashes it once. */
const checked = new Map<string, string>()

/** Whether there is a file, with the hash that it is named after; one that is named otherwise tells nothing of it. */
async function isWhole(path: string, etag: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isFile() !== true) return false
  const kind = kindOfEtag(etag)
  if (kind === undefined) return true
  const state = [stats.ino, stats.size, stats.mtimeMs, etag].join()
  if (checked.get(path) === state) return true
  const found = await (kind === 'git' ? gitHashOf(path) : sha256Of(path)).catch(() => undefined)
  if (found !== etag) return false
  checked.set(path, state)
  return true
}

async function gitHashOf(path: string): Promise<string> {
  return gitHash(await readFile(path))
}

async function sha256Of(path: string): Promise<string> {
  const hash = new Sha256()
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }))
    hash.update(chunk as Uint8Array)
  return hash.digest()
}
