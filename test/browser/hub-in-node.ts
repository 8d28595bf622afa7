// A hub for pages, in Node: a server that speaks the Hugging Face Hub's protocol, with one small network. A page steers it by commands.
import { cifar_resnet8, manualSeed } from 'resnet-ts'
import { encodeWeights } from 'resnet-ts/weights'
import type { BrowserCommand } from 'vitest/node'
import { startHub, type HubServer } from '../support/hub-server.js'

const CLASSES = ['ant', 'bee', 'cat']

let hub: HubServer | undefined

/** What a page is told of its hub. */
export interface HubFacts {
  readonly endpoint: string
  /** Of the weights, in base64. */
  readonly weights: string
}

/** Starts a hub with `owner/net`. @param token that it asks for. */
export const startHubInNode: BrowserCommand<[string | undefined]> = async (
  _context,
  token
): Promise<HubFacts> => {
  await hub?.[Symbol.asyncDispose]()
  manualSeed(4)
  const weights = encodeWeights(cifar_resnet8({ numClasses: CLASSES.length }).stateDict())
  const config = {
    architecture: 'cifar_resnet8',
    num_classes: CLASSES.length,
    label_names: CLASSES,
    pretrained_cfg: { input_size: [3, 32, 32], crop_pct: 1, license: 'mit' }
  }
  hub = await startHub({ 'config.json': JSON.stringify(config), 'model.safetensors': weights })
  hub.token = token
  return { endpoint: hub.endpoint, weights: Buffer.from(weights).toString('base64') }
}

/** What was asked since the last time, without permissions that browsers ask for first. */
export const hubRequestsInNode: BrowserCommand = async (): Promise<string[]> => {
  const seen = hub?.requests.splice(0) ?? []
  return seen.map(({ host, method, url, authorization }) =>
    [host, method, url.replace(/\?.*/, ''), ...(authorization === undefined ? [] : [authorization])].join(' ')
  )
}

/** Lets the second server send another file of the same size, or half of one; undefined leaves it right. */
export const spoilHubInNode: BrowserCommand<['other' | 'half' | 'missing' | undefined]> = async (
  _context,
  how
) => {
  if (!hub) return
  const content = hub.files.get('model.safetensors') ?? new Uint8Array()
  const sent =
    how === 'half' ? content.subarray(0, content.byteLength / 2) : new Uint8Array(content.byteLength)
  hub.fault = ({ host }, response) => {
    if (how === undefined || host !== 'cdn') return false
    return Boolean(how === 'missing' ? response.writeHead(404).end() : response.end(sent))
  }
}

/** Ends the hub: its address answers no more. */
export const stopHubInNode: BrowserCommand = async () => {
  await hub?.[Symbol.asyncDispose]()
  hub = undefined
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    startHubInNode: (token?: string) => Promise<HubFacts>
    hubRequestsInNode: () => Promise<string[]>
    spoilHubInNode: (how?: 'other' | 'half' | 'missing') => Promise<void>
    stopHubInNode: () => Promise<void>
  }
}
