// The page in English. Every other language has exactly these messages.
import { architecture } from './en/architecture.js'
import { run } from './en/run.js'
import { train } from './en/train.js'

export const en = {
  page: {
    title: 'resnet-ts explorer',
    parts: { architecture: 'Architecture', run: 'Run', train: 'Train' },
    partsLabel: 'Parts of the explorer',
    skipLink: 'Skip to the content',
    switchLanguage: '中文',
    switchLanguageLabel: 'Switch to Chinese',
    toDark: 'Dark',
    toLight: 'Light',
    toDarkLabel: 'Switch to dark colours',
    toLightLabel: 'Switch to light colours'
  },
  notices: {
    label: 'Notices',
    dismiss: 'Dismiss',
    ignored: (name: string, text: string): string =>
      `The address has ${name}=${text}, which is not valid; it is ignored.`,
    unknownPart: (name: string): string => `This page has no part “${name}”; it shows Architecture instead.`,
    labFailed: (reason: string): string =>
      `The compute worker could not start (${reason}). Reload the page; if that does not help, use a current browser.`
  },
  architecture,
  run,
  train
}

/** Everything the page says; a language that lacks something does not compile. */
export type Words = typeof en
