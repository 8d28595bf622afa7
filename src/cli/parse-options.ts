// How the values of options are read; what does not parse is a user's mistake and names what was expected.
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

/** A whole number of at least `least`, in digits. */
export function wholeNumber(least: number): (text: string) => number {
  const check = options.wholeNumber(least)
  return text => parsed(check, /^-?\d+$/.test(text) ? text : '')
}

/** A number. */
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

/** A share of a whole, neither nothing nor all of it. */
export const fraction = (text: string): number => parsed(options.properShare, text)

/** `1,3,224,224` or `N,3,224,224`: pictures. */
export function parseShape(text: string): Shape {
  const dims = text.split(',').map(part => (part.trim() === 'N' ? 'N' : Number(part)))
  const [batch, ...rest] = dims
  const isSize = (dim: number | 'N'): boolean => dim !== 'N' && Number.isSafeInteger(dim) && dim > 0
  if (dims.length === 4 && (batch === 'N' || isSize(batch)) && rest.every(isSize)) return dims
  throw new InvalidArgumentError('Expected four sizes such as 1,3,224,224 (N for any batch).')
}

/** `1,3,224,224`, `N,3,224,224`, or as few or many sizes as a network of one's own takes. */
export function parseInputShape(text: string): Shape {
  const dims = text.split(',').map(part => (part.trim() === 'N' ? 'N' : Number(part)))
  const isSize = (dim: number | 'N'): boolean => dim !== 'N' && Number.isSafeInteger(dim) && dim > 0
  if (dims.every((dim, axis) => isSize(dim) || (dim === 'N' && axis === 0))) return dims
  throw new InvalidArgumentError(
    'Expected sizes with the batch first, such as 1,3,224,224 (N for any batch).'
  )
}

/** What `--input` is for commands that look at a network. */
export const INPUT_SHAPE = "the input's shape; by default one image of the model's size"

/** Names separated by commas. */
export function parseNames(text: string): string[] {
  return text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

export const deviceOption = (): Option =>
  new Option('--device <device>', 'where to compute').choices(DEVICES).default('cpu')
