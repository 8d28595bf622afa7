// What the browser's tests ask of Node: the same computations, there.
import { readImage } from 'resnet-ts'
import type { BrowserCommand } from 'vitest/node'
import { logitsOf, type Case } from './scenarios/logits.js'
import { train, type CaseName, type Trained } from './scenarios/training.js'

export const logitsInNode: BrowserCommand<[Case]> = (_context, wanted) => logitsOf(wanted)
export const trainInNode: BrowserCommand<[CaseName]> = (_context, name) => train(name)
/** Of a file of the checkout, in base64. */
export const pixelsInNode: BrowserCommand<[string]> = async (_context, path) =>
  Buffer.from((await readImage(path)).data).toString('base64')

declare module 'vitest/browser' {
  interface BrowserCommands {
    logitsInNode: (wanted: Case) => Promise<number[]>
    pixelsInNode: (path: string) => Promise<string>
    trainInNode: (name: CaseName) => Promise<Trained>
  }
}
