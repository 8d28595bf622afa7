// What of the part "Run" stands in the page's address: everything but pictures and files of the reader's own.
import { choice, text, wholeNumber, type Codec, type Fields } from '../address/codecs.js'
import type { HeatMethod, RunDevice } from '../lab/run.js'

/** A picture that every copy of the page has. */
export type SharedPicture = 'cat' | `digit-${number}`

/** The state of the part. */
export interface RunFields {
  readonly model: string
  readonly device: RunDevice
  readonly picture: SharedPicture | undefined
  /** The layer whose maps are shown; nothing for the last there is. */
  readonly maps: string | undefined
  readonly method: HeatMethod
  /** The layer that the heat is of; nothing for the last there is. */
  readonly heat: string | undefined
  /** The class that the heat is for; nothing for the network's answer. */
  readonly class: number | undefined
  /** Of the heat over the picture, in percent. */
  readonly opacity: number | undefined
}

const MOST_CLASSES = 1_000_000

const picture: Codec<SharedPicture | undefined> = {
  initial: undefined,
  read: found => (/^(cat|digit-\d{1,5})$/.test(found) ? (found as SharedPicture) : undefined),
  write: value => value
}

export const runFields: Fields<RunFields> = {
  model: text('digits'),
  device: choice(['auto', 'webgpu', 'cpu']),
  picture,
  maps: text(undefined),
  method: choice(['gradcam', 'gradcam++', 'eigencam']),
  heat: text(undefined),
  class: wholeNumber(0, MOST_CLASSES),
  opacity: wholeNumber(0, 100)
}
