// How the values of options are read; what does not parse is a user's mistake and names what was expected.
import { InvalidArgumentError, Option } from 'commander'
import type { Shape } from '../ir/shape.js'
import { DEVICES } from '../runtime/engine.js'

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`)
  }
}

/** A number. */
export function anyNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new InvalidArgumentError('Expected a number.')
}

/** A number of at least `least`. */
export function numberOf(least: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value
    throw new InvalidArgumentError(`Expected a number of at least ${least}.`)
  }
}

/** A number from `least` to `most`. */
export function fromTo(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (text.trim() !== '' && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`)
  }
}

/** A share of a whole, neither nothing nor all of it. */
export function fraction(text: string): number {
  const value = Number(text)
  if (value > 0 && value < 1) return value
  throw new InvalidArgumentError('Expected a share between 0 and 1.')
}

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
