// The options that models are built with. In a file of its own because the command line lists them without loading models.
import { ResnetError } from '../base/errors.js'

/** Names of what may stand on the shortcut. */
export const SKIPS = [
  'identity',
  'half',
  'exclusive-gate',
  'shortcut-gate',
  'conv1x1',
  'dropout',
  'product'
] as const

/**
 * What stands on the shortcut (figure 2 of arXiv:1603.05027): the `identity`; `half` scales it and F by 0.5;
 * `exclusive-gate` weighs F by g(x) and the shortcut by 1 − g(x); `shortcut-gate` weighs the shortcut alone; `conv1x1`
 * projects every shortcut; `dropout` drops half of it. `product`, which is not in the paper, multiplies F by the shortcut
 * instead of adding it: F(x) · x.
 */
export type Skip = (typeof SKIPS)[number]

/** What every model can be built with. */
export interface ModelOptions {
  /** Outputs of the last layer. */
  readonly numClasses?: number
  /** Channels of the images; default 3. */
  readonly inChannels?: number
  /** `false` for the plain twin without shortcuts. A VGG, which has none to leave out, is its own twin. */
  readonly residual?: boolean
  /** What stands on the shortcuts; only for models with `takesSkip`. */
  readonly skip?: Skip
  /** What the bias of gates starts at, where `skip` gates. */
  readonly gateBias?: number
}

/** Options as a file keeps them, where a name is any text. */
export type StoredOptions = Omit<ModelOptions, 'skip'> & { readonly skip?: string }

/**
 * Options to build with, from a file.
 * @throws ResnetError for a name this version does not know.
 */
export function readOptions({ skip, ...options }: StoredOptions): ModelOptions {
  if (skip === undefined) return options
  const known = SKIPS.find(name => name === skip)
  if (known) return { ...options, skip: known }
  throw new ResnetError(`skip: expected one of ${SKIPS.join(', ')}, got '${skip}'`)
}
