import { InvalidArgumentError, Option } from 'commander'
import * as options from '../base/options.js'
import type { Check } from '../base/options.js'
import type { Shape } from '../ir/shape.js'
import { DEVICES } from '../runtime/engine.js'

function parsed(check: Check<number>, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && check.accepts(value)) return value
  throw new InvalidArgumentError(`Expected ${check.expected}.`)
}

/** A decimal integer of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  const check = options.wholeNumber(least)
  return text => parsed(check, /^-?\d+$/.test(text) ? text : '')
}

/** A decimal integer, such as a seed. */
export const anyInteger = (text: string): number =>
  parsed(options.anyInteger, /^-?\d+$/.test(text) ? text : '')

export const anyNumber = (text: string): number => parsed(options.finiteNumber, text)

/** A number of at least `least`. */
export function numberOf(least: number): (text: string) => number {
  const check = options.numberFrom(least)
  return text => parsed(check, text)
}

/** A number from `least` to `most`. */
export function fromTo(least: number, most: number): (text: string) => number {
  const check = options.numberBetween(least, most)
  return text => parsed(check, text)
}

/** A number between 0 and 1, exclusive. */
export const fraction = (text: string): number => parsed(options.properShare, text)

/** A shape of any rank: `1,3,224,224`, `N,128`. */
export function parseInputShape(text: string): Shape {
  const dims = text.split(',').map(part => (part.trim() === 'N' ? 'N' : Number(part)))
  const isSize = (dim: number | 'N'): boolean => dim !== 'N' && Number.isSafeInteger(dim) && dim > 0
  if (dims.every((dim, axis) => isSize(dim) || (dim === 'N' && axis === 0))) return dims
  throw new InvalidArgumentError(
    'Expected sizes with the batch first, such as 1,3,224,224 (N for any batch).'
  )
}

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
