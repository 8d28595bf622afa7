// What both sides of `#platform` agree on about keeping downloads.

/** What arrived of a download, to be judged before it is kept. */
export interface Received {
  /** Bytes. */
  readonly size: number
  /** SHA-256 in hex digits. */
  readonly sha256: string
}

/** Where downloads are kept, and under which name. */
export interface CachePlace {
  /** A folder, or nothing for the user's own cache. */
  readonly folder: string | undefined
  readonly name: string
}
