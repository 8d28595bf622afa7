// Resolves `--class`, a number or a name; an unknown name is answered with similar ones.
import { ResnetError } from '../../base/errors.js'
import { nearestNames } from '../../base/nearest-names.js'

const SHOWN = 3

/** Finds a class. @throws ResnetError with the valid range, or with similar names. */
export function findClass(text: string, classes: number, nameOf: (index: number) => string): number {
  const range = `0 to ${classes - 1}`
  const names = Array.from({ length: classes }, (_, index) => nameOf(index))
  // Names first: the digits' names are numbers.
  const named = names.findIndex(name => name.toLowerCase() === text.toLowerCase())
  if (named >= 0) return named
  if (/^-?\d+$/.test(text)) {
    const index = Number(text)
    if (index >= 0 && index < classes) return index
    throw new ResnetError(`There is no class ${text}: the network tells ${classes} apart, ${range}`)
  }
  const near = namesLike(text, names).map(name => `'${name}' (${names.indexOf(name)})`)
  const advice = near.length === 0 ? '' : `; near it are ${near.join(', ')}`
  throw new ResnetError(`There is no class '${text}'${advice}. Numbers go from ${range}`)
}

/** Names that contain the text, shortest first, then names with a similar spelling. */
function namesLike(text: string, names: readonly string[]): string[] {
  const wanted = text.toLowerCase()
  const holding = names.filter(name => name.toLowerCase().includes(wanted))
  holding.sort((a, b) => a.length - b.length)
  return [...new Set([...holding, ...nearestNames(text, names)])].slice(0, SHOWN)
}
