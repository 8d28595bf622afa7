// What of the part "Architecture" stands in the page's address.
import type { Skip } from 'resnet-ts/models'
import { choice, names, text, wholeNumber, type ValuesOf } from '../address/codecs.js'
import { architecture as words } from '../words/en/architecture.js'

/** Operations on the shortcuts: those that the words name. */
export const SKIPS = Object.keys(words.skips) as [Skip, ...Skip[]]

/** The model name of the user's own network. */
export const OWN = 'own'
/** Compare with the network's plain twin. */
export const TWIN = 'plain'
const LONGEST_CODE = 20_000

export const architectureFields = {
  model: text('resnet18'),
  classes: wholeNumber(1, 100_000),
  skip: choice(SKIPS),
  shortcut: choice(['on', 'off']),
  compare: text(undefined),
  /** The unfolded parts, by their names in the outline. */
  open: names(),
  at: text(undefined),
  code: text(undefined, LONGEST_CODE)
}

export type ArchitectureFields = ValuesOf<typeof architectureFields>
