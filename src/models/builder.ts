// What makes a model's function: its name, the options it knows, and those that make it this model.
import { OptionError } from '../base/errors.js'
import { ARITHMETIC_OPTIONS } from './arithmetic.js'
import { aBoolean, checkOptions, numberBetween, positiveInteger, shown, type Check } from '../base/options.js'

export const COMMON_OPTIONS = {
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
  stochasticDepth: numberBetween(0, 1),
  ...ARITHMETIC_OPTIONS
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
 * The comment NO_SIDE_EFFECTS tells bundlers that a model which a program does not use can be left out.
 * @param rules the options it knows, as in `checkOptions`.
 * @param fixed the options that make it this model.
 */
/* @__NO_SIDE_EFFECTS__ */
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
