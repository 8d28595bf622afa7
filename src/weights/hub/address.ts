// Addresses on the Hugging Face Hub: hf:owner/name[@revision][/file].
import { WeightsError } from '../bytes.js'

/** A repository of the hub, or a file in it. */
export interface HubAddress {
  /** As in messages. */
  readonly text: string
  /** `owner/name`; of old ones, only a name. */
  readonly repository: string
  /** A branch, a tag, a commit's 40 hex digits, or `refs/pr/1`. */
  readonly revision: string
  readonly file: string | undefined
}

export const HUB_SCHEME = 'hf:'

/** Whether a source is an address on the hub. */
export function isHubAddress(source: unknown): source is string {
  return typeof source === 'string' && source.startsWith(HUB_SCHEME)
}

const COMMIT = /^[\da-f]{40}$/

export function isCommit(revision: string): boolean {
  return COMMIT.test(revision)
}

// The hub's own rule for names.
const NAME = /^(?!.*(?:--|\.\.))[a-z\d_][\w.-]{0,94}[\w]$|^\w$/i
const EXPECTED = 'expected hf:owner/name, hf:owner/name@revision, or hf:owner/name/file'

/** @throws WeightsError for anything but an address, and for names that are none of the hub's. */
export function readHubAddress(text: string): HubAddress {
  const [, names = '', revision = 'main', file] =
    /^hf:([^/@]+(?:\/[^/@]+|(?!\/)))(?:@(refs\/[^/]+\/[^/]+|[^/]+))?(?:\/(.+))?$/.exec(text) ?? []
  const isNamed = names !== '' && names.split('/').every(name => NAME.test(name))
  if (!isNamed) throw new WeightsError(text, `is no address on the Hugging Face Hub; ${EXPECTED}`)
  const decoded = decodedRevision(revision)
  if (decoded === undefined || !isSafePath(decoded))
    throw new WeightsError(text, 'its revision is no name of a branch, a tag or a commit')
  if (file !== undefined && !isSafePath(file))
    throw new WeightsError(text, 'its file is no path inside a repository')
  return { text, repository: names, revision: decoded, file }
}

/** A branch whose name has slashes is written with %2F. */
function decodedRevision(revision: string): string | undefined {
  try {
    return decodeURIComponent(revision)
  } catch {
    return undefined
  }
}

const LONGEST_PATH = 1024

/**
 * Whether names from the hub may become a path below a folder: a repository must not choose where its files are written.
 * Neither absolute, nor with `..`, a drive, a backslash or a control character.
 */
export function isSafePath(path: string): boolean {
  const parts = path.split('/')
  return (
    path.length <= LONGEST_PATH &&
    !/[\\:*?"<>|\p{Cc}]/u.test(path) &&
    parts.every(part => part !== '' && part !== '.' && part !== '..')
  )
}
