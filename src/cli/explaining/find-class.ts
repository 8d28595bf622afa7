// Which class `--class` means: a number, or a name; a name that is nobody's brings those that come near it.
import { distance } from 'fastest-levenshtein'
import { ResnetError } from '../../tensor/errors.js'

const SHOWN = 3

/**
 * Finds a class.
 * @throws ResnetError that says the range, or the names that come near.
 */
export function findClass(text: string, classes: number, nameOf: (index: number) => string): number {
  const range = `0 to ${classes - 1}`
  const names = Array.from({ length: classes }, (_, index) => nameOf(index))
  // Names first: digits are called by their numbers.
  const named = names.findIndex(name => name.toLowerCase() === text.toLowerCase())
  if (named >= 0) return named
  if (/^-?\d+$/.test(text)) {
    const index = Number(text)
    if (index >= 0 && index < classes) return index
    throw new ResnetError(`There is no class ${text}: the network tells ${classes} apart, ${range}`)
  }
  const near = nearestNames(text, names).map(index => `'${names[index]}' (${index})`)
  throw new ResnetError(
    `There is no class '${text}'; near it are ${near.join(', ')}. Numbers go from ${range}`
  )
}

/** Names that hold the text come before those that are merely spelt alike. */
function nearestNames(text: string, names: readonly string[]): number[] {
  const wanted = text.toLowerCase()
  const cost = (name: string): number => {
    const known = name.toLowerCase()
    return known.includes(wanted) ? (known.length - wanted.length) / 1000 : distance(known, wanted)
  }
  return [...names.keys()].sort((a, b) => cost(names[a]) - cost(names[b])).slice(0, SHOWN)
}
