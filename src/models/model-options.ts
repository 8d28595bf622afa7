// Options of models, apart from them so that the command line need not load them.
import { OptionError, ResnetError } from '../base/errors.js'
import {
  aBoolean,
  checkOptions,
  finiteNumber,
  numberBetween,
  oneOf,
  positiveInteger,
  shown,
  type Check,
  type OptionsOf
} from '../base/options.js'

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

const COMMON_OPTIONS = {
  /** Outputs of the last layer; default 1000, or 10 in the small networks for CIFAR. */
  numClasses: positiveInteger,
  /** Channels of the images: 1 for greyscale; default 3. PyTorch difference: torchvision's networks take 3. */
  inChannels: positiveInteger,
  /** `false` for the plain twin without shortcuts; default true. PyTorch difference: torchvision has none. */
  residual: aBoolean
}

/** Options of all residual networks. */
export const RESIDUAL_OPTIONS = {
  ...COMMON_OPTIONS,
  /** Start every block as the identity by zeroing its last normalisation (arXiv:1706.02677); default false. */
  zeroInitResidual: aBoolean,
  /** Drop probability of the last block's F in training, lower before (arXiv:1603.09382: 0.5); default 0. */
  stochasticDepth: numberBetween(0, 1)
}

export const SHORTCUT_OPTIONS = {
  /** The kind of shortcuts; only for models with `takesSkip`. Default the identity. */
  skip: oneOf(...SKIPS),
  /** Initial bias of gates, if `skip` has them; default −6. */
  gateBias: finiteNumber
}

export const MODEL_OPTIONS = { ...COMMON_OPTIONS, ...SHORTCUT_OPTIONS }

/** Options common to all models. */
export interface ModelOptions extends OptionsOf<typeof MODEL_OPTIONS> {}

/** Options from a file, unvalidated. */
export type StoredOptions = Omit<ModelOptions, 'skip'> & { readonly skip?: string }

/** Validates options from a file. @throws ResnetError for an unknown name. */
export function readOptions({ skip, ...options }: StoredOptions): ModelOptions {
  if (skip === undefined) return options
  const known = SKIPS.find(name => name === skip)
  if (known) return { ...options, skip: known }
  throw new ResnetError(`skip: expected one of ${SKIPS.join(', ')}, got '${skip}'`)
}

/** A function that makes modules. A class is none: it is called with `new`. */
export function aMaker<T>(example: string): Check<T> {
  return {
    expected: `a function, such as ${example}`,
    accepts: value => typeof value === 'function' && !String(value).startsWith('class')
  }
}

/**
 * The function that builds a model: it checks options in its own name, and refuses others than those that make it this
 * model, as torchvision does.
 * @param rules the options it knows, as in `checkOptions`.
 * @param fixed the options that make it this model.
 */
export function builder<Options extends object, Net>(
  name: string,
  rules: Parameters<typeof checkOptions>[2],
  fixed: Options,
  build: (options: Options) => Net
): (options?: Options) => Net {
  const make = (options = {} as Options): Net => {
    const given: Readonly<Record<string, unknown>> = checkOptions(name, options, rules)
    for (const [option, value] of Object.entries(fixed)) {
      if (given[option] === undefined || given[option] === value) continue
      throw new OptionError(
        name,
        `${option}: expected ${shown(value)}, which makes the network ${name}, got ${shown(given[option])}`
      )
    }
    return build({ ...options, ...fixed })
  }
  return Object.defineProperty(make, 'name', { value: name })
}
