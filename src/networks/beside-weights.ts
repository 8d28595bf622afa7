// What a repository's config.json says of weights that are given by their own path, rather than by that of their folder.
import { isFolder, readFile, type FilePath } from '#platform'
import { ResnetError } from '../base/errors.js'
import type { HubNetwork } from './hub-config.js'

/** As timm and transformers name the weights of a repository. */
const WEIGHTS = /^(pytorch_)?model\.(safetensors|bin|pth)$/
const MAX_CONFIG = 2 ** 24

export interface BesideWeights {
  readonly architecture: string | undefined
  /** The network, where it is one of this package's. */
  readonly network: HubNetwork | undefined
}

/** What the config.json beside such a file says; undefined for any other file, and in a page. */
export async function besideWeights(path: FilePath): Promise<BesideWeights | undefined> {
  if (typeof path !== 'string') return undefined
  const start = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1
  const folder = path.slice(0, start)
  if (!WEIGHTS.test(path.slice(start)) || !isFolder(folder === '' ? '.' : folder)) return undefined
  const config = await orNothing(() => readFile(`${folder}config.json`, { maxBytes: MAX_CONFIG }))
  if (config === undefined) return undefined
  const text = new TextDecoder().decode(config)
  const { architectureIn, readHubNetwork } = await import('./hub-config.js')
  return {
    architecture: await orNothing(() => architectureIn(text)),
    network: await orNothing(() => readHubNetwork(text, undefined, path))
  }
}

/** It need not be there, nor be a repository's. */
async function orNothing<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ResnetError) return undefined
    throw error
  }
}
