// What the browser's tests ask of Node: the same computations, there.
import type { BrowserCommand } from 'vitest/node'
import { logitsOf, type Case } from './scenarios/logits.js'
import { train, type CaseName, type Trained } from './scenarios/training.js'

export const logitsInNode: BrowserCommand<[Case]> = (_context, wanted) => logitsOf(wanted)
export const trainInNode: BrowserCommand<[CaseName]> = (_context, name) => train(name)

declare module 'vitest/browser' {
  interface BrowserCommands {
    logitsInNode: (wanted: Case) => Promise<number[]>
    trainInNode: (name: CaseName) => Promise<Trained>
  }
}
