// Options of models, apart from them so that the command line need not load them.
import { ResnetError } from '../base/errors.js'
import { finiteNumber, oneOf, type OptionsOf } from '../base/options.js'
import { ASSUMED_OPTIONS, type Arithmetic } from './arithmetic.js'
import { COMMON_OPTIONS } from './builder.js'

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
 * The kind of shortcut (figure 2 of arXiv:1603.05027): `identity`; `half` scales it and F by 0.5; `exclusive-gate` weights F
 * by g(x) and the shortcut by 1 − g(x); `shortcut-gate` weights the shortcut only; `conv1x1` projects; `dropout` drops half.
 * `product`, which is not in the paper, is F(x) · x.
 */
export type Skip = (typeof SKIPS)[number]

export const SHORTCUT_OPTIONS = {
  /** The kind of shortcuts; only for models with `takesSkip`. Default the identity. */
  skip: oneOf(...SKIPS),
  /** Initial bias of gates, if `skip` has them; default −6. */
  gateBias: finiteNumber
}

export const MODEL_OPTIONS = { ...COMMON_OPTIONS, ...SHORTCUT_OPTIONS, ...ASSUMED_OPTIONS }

/** Options common to all models. */
export interface ModelOptions extends OptionsOf<typeof MODEL_OPTIONS> {}

/** Options from a file, unvalidated. */
export type StoredOptions = Omit<ModelOptions, 'skip' | keyof Arithmetic> & {
  readonly skip?: string
  readonly arithmetic?: Arithmetic
}

/** Validates options from a file. @throws ResnetError for an unknown name. */
export function readOptions({ skip, arithmetic, ...shared }: StoredOptions): ModelOptions {
  const options = { ...shared, ...arithmetic }
  if (skip === undefined) return options
  const known = SKIPS.find(name => name === skip)
  if (known) return { ...options, skip: known }
  throw new ResnetError(`skip: expected one of ${SKIPS.join(', ')}, got '${skip}'`)
}
