// The store of files of the Hugging Face Hub: what both sides of `#platform` share.

/** What the environment says of the hub; a page has none. */
export interface HubEnvironment {
  readonly endpoint?: string
  readonly token?: string
  readonly isOffline?: boolean
  /** Of the server's silence, for a file and for what is asked about it. */
  readonly downloadTimeoutMs?: number
  readonly etagTimeoutMs?: number
}

/** A file of a repository's commit. */
export interface HubPlace {
  /** `owner/name` */
  readonly repository: string
  readonly commit: string
  /** With forward slashes; checked by the caller, as are the other two: they become paths. */
  readonly file: string
}

/** Files of the hub, kept as Python's `huggingface_hub` keeps them. */
export interface HubStore {
  /** The commit that a branch or tag had when the hub was last asked. */
  ref(repository: string, revision: string): Promise<string | undefined>
  keepRef(repository: string, revision: string, commit: string): Promise<void>
  /** The path of a file, if it is kept and still has its hash. */
  find(place: HubPlace): Promise<string | undefined>
  /** Whether it is noted that the commit has no such file. */
  isMissing(place: HubPlace): Promise<boolean>
  /** The path of a file whose content is kept under another commit. */
  share(place: HubPlace, etag: string): Promise<string | undefined>
  /** Stores a file whole, or, if its chunks throw, leaves everything as it was. @throws FileError when it cannot be written. */
  keep(place: HubPlace, etag: string, chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<string>
}

const SHA256 = /^[\da-f]{64}$/
const GIT = /^[\da-f]{40}$/

/** What a file's ETag is the hash of; the hub has no others. */
export function kindOfEtag(etag: string): 'sha256' | 'git' | undefined {
  if (SHA256.test(etag)) return 'sha256'
  return GIT.test(etag) ? 'git' : undefined
}

/** The folder of a repository in the store. */
export function repositoryFolder(repository: string): string {
  return `models--${repository.replaceAll('/', '--')}`
}

/** What git hashes of a file. */
export function gitHeader(size: number): Uint8Array {
  return new TextEncoder().encode(`blob ${size}\0`)
}
