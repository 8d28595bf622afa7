// Files of a repository on the Hugging Face Hub: of one commit, kept where Python keeps them.
import { openHubStore, type HubStore } from '#platform'
import { WeightsError } from '../bytes.js'
import { isCommit, isSafePath, type HubAddress } from './address.js'
import { askCommit, askFile, download, type HubCommit } from './hub-client.js'
import { UnreachableError } from './hub-faults.js'
import { hostOf, hubSettings, type HubOptions, type HubSettings } from './hub-settings.js'

/** Receives the bytes of a file and, if known, their total. */
export type OnProgress = (received: number, total: number | undefined) => void

/** A repository's files at one commit. */
export interface HubFiles {
  readonly commit: string
  /** As the repository's card says. */
  readonly licence: string | undefined
  /** All its files, where the hub was asked. */
  readonly names: readonly string[] | undefined
  has(file: string): Promise<boolean>
  /** The path of a file, which is downloaded if it is not kept. @throws WeightsError, FileError */
  path(file: string, onProgress?: OnProgress): Promise<string>
}

const underWay = new Map<string, Promise<string>>()

/**
 * Opens a repository. Its revision is resolved to a commit first, so that all files are of one; where the hub cannot be
 * reached, to the commit that it was before.
 * @param onNote receives a sentence where that was so.
 */
export async function openHubFiles(
  address: HubAddress,
  options: HubOptions,
  onNote?: (note: string) => void
): Promise<HubFiles> {
  const settings = await hubSettings(options)
  const store = openHubStore(options.cacheFolder)
  const asked = await commitOf(address, settings, store, onNote)
  return new Repository(address, settings, store, asked)
}

type KnownCommit = Pick<HubCommit, 'sha'> & Partial<HubCommit>

async function commitOf(
  address: HubAddress,
  settings: HubSettings,
  store: HubStore,
  onNote?: (note: string) => void
): Promise<KnownCommit> {
  const { repository, revision } = address
  // A commit stays what it is: whether something has to be asked is seen later.
  if (isCommit(revision)) return { sha: revision }
  if (settings.isOffline) {
    const sha = await store.ref(repository, revision)
    if (sha !== undefined) return { sha }
    throw offline(address, 'it')
  }
  try {
    const found = await askCommit(address, settings)
    await store.keepRef(repository, revision, found.sha)
    return found
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error
    const sha = await store.ref(repository, revision)
    if (sha === undefined) throw error
    onNote?.(`${error.message}; commit ${sha.slice(0, 12)} is taken, which ${revision} was before`)
    return { sha }
  }
}

function offline(address: HubAddress, what: string): WeightsError {
  const remedy = 'leave out HF_HUB_OFFLINE (TRANSFORMERS_OFFLINE, or hub.offline in code) once'
  return new WeightsError(
    address.text,
    `no network may be used, and ${what} has not been downloaded: ${remedy}`
  )
}

class Repository implements HubFiles {
  readonly commit: string
  readonly #address: HubAddress
  readonly #settings: HubSettings
  readonly #store: HubStore
  #known: KnownCommit
  #isAsked: boolean

  constructor(address: HubAddress, settings: HubSettings, store: HubStore, known: KnownCommit) {
    this.#address = address
    this.#settings = settings
    this.#store = store
    this.#known = known
    this.commit = known.sha
    this.#isAsked = known.files !== undefined || settings.isOffline || !isCommit(address.revision)
  }

  get licence(): string | undefined {
    return this.#known.licence
  }

  get names(): readonly string[] | undefined {
    return this.#known.files
  }

  #place(file: string) {
    return { repository: this.#address.repository, commit: this.commit, file }
  }

  async has(file: string): Promise<boolean> {
    if (this.#known.files) return this.#known.files.includes(file)
    if ((await this.#store.find(this.#place(file))) !== undefined) return true
    if (this.#isAsked || (await this.#store.isMissing(this.#place(file)))) return false
    this.#isAsked = true
    try {
      this.#known = { ...(await askCommit(this.#address, this.#settings)), sha: this.commit }
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error
      return false
    }
    return this.has(file)
  }

  async path(file: string, onProgress?: OnProgress): Promise<string> {
    if (!isSafePath(file)) {
      throw new WeightsError(
        this.#address.text,
        `names a file ${JSON.stringify(file)}, which leads out of its folder`
      )
    }
    const place = this.#place(file)
    const kept = await this.#store.find(place)
    if (kept !== undefined) return kept
    if (this.#settings.isOffline) throw offline(this.#address, file)
    const key = JSON.stringify([hostOf(this.#settings), ...Object.values(place)])
    const running = underWay.get(key) ?? this.#download(file, onProgress).finally(() => underWay.delete(key))
    underWay.set(key, running)
    return running
  }

  async #download(file: string, onProgress: OnProgress | undefined): Promise<string> {
    const [address, settings, store] = [this.#address, this.#settings, this.#store]
    const ask = () => askFile(address, this.commit, file, settings)
    const found = await ask()
    // The same file of another commit.
    const shared = await store.share(this.#place(file), found.etag)
    if (shared !== undefined) return shared
    const chunks = download(address, file, found, settings, { again: ask, onProgress })
    return store.keep(this.#place(file), found.etag, chunks)
  }
}
