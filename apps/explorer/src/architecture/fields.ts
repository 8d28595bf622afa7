// What of the part "Architecture" stands in the page's address.
import type { Skip } from 'resnet-ts/models'
import { choice, names, text, wholeNumber, type Fields } from '../address/codecs.js'

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

/** The state of the part. */
export interface ArchitectureFields {
  readonly model: string
  readonly classes: number | undefined
  readonly skip: Skip
  readonly shortcut: 'on' | 'off'
  readonly compare: string | undefined
  /** The unfolded parts, by their names in the outline. */
  readonly open: readonly string[]
  /** The selected part. */
  readonly at: string | undefined
  /** The code of the user's own network. */
  readonly code: string | undefined
}

export const architectureFields: Fields<ArchitectureFields> = {
  model: text('resnet18'),
  classes: wholeNumber(1, 100_000),
  skip: choice(SKIPS),
  shortcut: choice(['on', 'off']),
  compare: text(undefined),
  open: names(),
  at: text(undefined),
  code: text(undefined, LONGEST_CODE)
}
