// The state of the part "Run" in the URL: everything but the user's own pictures and files.
import { choice, codec, text, wholeNumber, type ValuesOf } from '../address/codecs.js'
import type { HeatMethod, RunDevice } from '../lab/run.js'

/** The name of the bundled network, listed beside the models. */
export const BUNDLED = 'digits'

/** A picture that comes with the page. */
export type SharedPicture = 'cat' | `digit-${number}`

export const DEVICES = ['auto', 'webgpu', 'cpu'] as const satisfies readonly RunDevice[]

/** The methods by the names in their papers. */
export const METHOD_NAMES: Readonly<Record<HeatMethod, string>> = {
  gradcam: 'Grad-CAM',
  'gradcam++': 'Grad-CAM++',
  eigencam: 'Eigen-CAM'
}

export const METHODS = Object.keys(METHOD_NAMES) as [HeatMethod, ...HeatMethod[]]

const MOST_CLASSES = 1_000_000

export const runFields = {
  model: text(BUNDLED),
  device: choice(DEVICES),
  picture: codec<SharedPicture | undefined>(undefined, found =>
    /^(cat|digit-\d{1,5})$/.test(found) ? (found as SharedPicture) : undefined
  ),
  /** The layer whose maps are shown; by default the first. */
  maps: text(undefined),
  method: choice(METHODS),
  /** The layer of the heat map; by default the last. */
  heat: text(undefined),
  /** The class of the heat map; by default the predicted one. */
  class: wholeNumber(0, MOST_CLASSES),
  /** Opacity of the heat map, in per cent. */
  opacity: wholeNumber(0, 100)
}

export type RunFields = ValuesOf<typeof runFields>
