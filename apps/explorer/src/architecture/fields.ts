// What of the part "Architecture" stands in the page's address.
import type { Skip } from 'resnet-ts/models'
import { choice, names, text, wholeNumber, type ValuesOf } from '../address/codecs.js'

/** Operations on the shortcuts; a name of the library that is missing here is a compile error. */
const SKIP_NAMES: Readonly<Record<Skip, true>> = {
  identity: true,
  half: true,
  'exclusive-gate': true,
  'shortcut-gate': true,
  conv1x1: true,
  dropout: true,
  product: true
}

export const SKIPS = Object.keys(SKIP_NAMES) as [Skip, ...Skip[]]

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
  /** The selected part. */
  at: text(undefined),
  /** The code of the user's own network. */
  code: text(undefined, LONGEST_CODE)
}

/** The state of the part. */
export type ArchitectureFields = ValuesOf<typeof architectureFields>
