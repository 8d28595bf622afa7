// The computations that browser tests run in Node for comparison.
import { readImage } from 'resnet-ts'
import type { FlowComparison } from 'resnet-ts/explain'
import type { BrowserCommand } from 'vitest/node'
import { epochOfDigits } from './scenarios/data.js'
import { logitsOf, type Case } from './scenarios/logits.js'
import { compareFlow, drawPictures, explain, writeTexts } from './scenarios/pictures.js'
import { train, type CaseName, type Trained } from './scenarios/training.js'

export const logitsInNode: BrowserCommand<[Case]> = (_context, wanted) => logitsOf(wanted)
export const trainInNode: BrowserCommand<[CaseName]> = (_context, name) => train(name)
/** A file of the checkout, in base64. */
export const pixelsInNode: BrowserCommand<[string]> = async (_context, path) =>
  Buffer.from((await readImage(path)).data).toString('base64')

interface Texts {
  readonly comparison: FlowComparison
  readonly texts: Record<string, string>
}

let compared: Promise<FlowComparison> | undefined

export const textsInNode: BrowserCommand = async (): Promise<Texts> => {
  const comparison = await (compared ??= compareFlow())
  return { comparison, texts: await writeTexts(comparison) }
}
export const picturesInNode: BrowserCommand = () => drawPictures()
export const epochInNode: BrowserCommand = () => epochOfDigits(0)
export const explainInNode: BrowserCommand = () => explain()

declare module 'vitest/browser' {
  interface BrowserCommands {
    logitsInNode: (wanted: Case) => Promise<number[]>
    epochInNode: () => Promise<string[]>
    explainInNode: () => Promise<Record<string, number[]>>
    picturesInNode: () => Promise<Record<string, string>>
    textsInNode: () => Promise<Texts>
    pixelsInNode: (path: string) => Promise<string>
    trainInNode: (name: CaseName) => Promise<Trained>
  }
}
