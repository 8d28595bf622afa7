// Files of the Hugging Face Hub in the page's cache storage, by the same names as in Python's cache.
import {
  kindOfEtag,
  repositoryFolder,
  type HubEnvironment,
  type HubPlace,
  type HubStore
} from '../hub-store.js'
import { findCached, keepInCache, keepNote, noteOf } from './cache.js'

/** A page cannot stop at a redirect, and so does not see its headers. */
export const SEES_REDIRECTS = false

export async function hubEnvironment(): Promise<HubEnvironment> {
  return {}
}

/** @param folder part of the names; default `huggingface`. */
export function openHubStore(folder = 'huggingface'): HubStore {
  const within = (repository: string, ...parts: readonly string[]): string =>
    [folder, repositoryFolder(repository), ...parts].map(part => encodeURIComponent(part)).join('/')
  const blob = (repository: string, etag: string): { folder: string; name: string } => ({
    folder,
    name: `${repositoryFolder(repository)}/blobs/${etag}`
  })
  const pointer = ({ repository, commit, file }: HubPlace): string =>
    within(repository, 'snapshots', commit, file)
  const content = (repository: string, etag: string): Promise<string | undefined> =>
    findCached(blob(repository, etag), kindOfEtag(etag) === 'sha256' ? etag : '')
  return {
    ref: (repository, revision) => noteOf(within(repository, 'refs', revision)),
    keepRef: (repository, revision, commit) => keepNote(within(repository, 'refs', revision), commit),
    async find(place) {
      const etag = await noteOf(pointer(place))
      return etag === undefined ? undefined : content(place.repository, etag)
    },
    async isMissing() {
      return false
    },
    async share(place, etag) {
      const path = await content(place.repository, etag)
      if (path !== undefined) await keepNote(pointer(place), etag)
      return path
    },
    async keep(place, etag, chunks) {
      const path = await keepInCache(blob(place.repository, etag), chunks, () => {})
      await keepNote(pointer(place), etag)
      return path
    }
  }
}
