// The state of the part "Run" in the URL: everything but the user's own pictures and files.
import { choice, text, wholeNumber, type Codec, type Fields } from '../address/codecs.js'
import type { HeatMethod, RunDevice } from '../lab/run.js'

/** A picture that comes with the page. */
export type SharedPicture = 'cat' | `digit-${number}`

/** The state of the part. */
export interface RunFields {
  readonly model: string
  readonly device: RunDevice
  readonly picture: SharedPicture | undefined
  /** The layer whose maps are shown; by default the last. */
  readonly maps: string | undefined
  readonly method: HeatMethod
  /** The layer of the heat map; by default the last. */
  readonly heat: string | undefined
  /** The class of the heat map; by default the predicted one. */
  readonly class: number | undefined
  /** Opacity of the heat map, in per cent. */
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
