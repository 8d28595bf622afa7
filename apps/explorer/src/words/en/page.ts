// What the page around the parts says, in English.
export const page = {
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
}

export const notices = {
  label: 'Notices',
  dismiss: 'Dismiss',
  ignored: (name: string, text: string): string =>
    `The address says ${name}=${text}, which makes no sense here: ignored.`,
  unknownPart: (name: string): string => `There is no part “${name}” on this page; this is Architecture.`,
  labFailed: (reason: string): string =>
    `The worker that does the computing could not start (${reason}). Reload the page; if that does not help, use a current browser.`
}
