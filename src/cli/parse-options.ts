import { InvalidArgumentError, Option } from 'commander'
import { readDecimal, readWhole } from '../base/decimal.js'
import * as options from '../base/options.js'
import type { Check } from '../base/options.js'
import type { Shape } from '../ir/shape.js'
import { DEVICES } from '../runtime/engine.js'

type NumberParser = (text: string) => number

/** A parser of numbers; of whole ones, only digits are. */
function parser(check: Check<number>, read = readDecimal): NumberParser {
  return text => {
    const value = read(text)
    if (check.accepts(value)) return value
    throw new InvalidArgumentError(`Expected ${check.expected}.`)
  }
}

export const anyInteger = parser(options.anyInteger, readWhole)
export const wholeNumber = (least: number): NumberParser => parser(options.wholeNumber(least), readWhole)
export const anyNumber = parser(options.finiteNumber)
export const numberOf = (least: number): NumberParser => parser(options.numberFrom(least))
export const fromTo = (least: number, most: number): NumberParser =>
  parser(options.numberBetween(least, most))
/** Some of a whole, or nothing. */
export const shareOrNone = parser(options.decay)

/** A shape of any rank: `1,3,224,224`, `N,128`. */
export function parseInputShape(text: string): Shape {
  const dims = text.split(',').map(part => {
    const size = part.trim()
    return size === 'N' ? 'N' : readWhole(size)
  })
  const isSize = (dim: number | 'N'): boolean => dim !== 'N' && Number.isSafeInteger(dim) && dim > 0
  if (dims.every((dim, axis) => isSize(dim) || (dim === 'N' && axis === 0))) return dims
  throw new InvalidArgumentError(
    'Expected sizes with the batch first, such as 1,3,224,224 (N for any batch).'
  )
}

export const parseOpset = parser(options.oneOf<number>(17, 18, 20), readWhole)

/** Help text of `--input`. */
export const INPUT_SHAPE = "the input's shape; by default one image of the model's size"

export function parseNames(text: string): string[] {
  return text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

export const deviceOption = (): Option =>
  new Option('--device <device>', 'where to compute').choices(DEVICES).default('cpu')
