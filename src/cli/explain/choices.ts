// What the options of `resnet explain` mean: those of some methods only, and a class by name or number.
import { readWhole } from '../../base/decimal.js'
import { ResnetError } from '../../base/errors.js'
import { nearestNames } from '../../base/nearest-names.js'
import { abridge } from '../../base/words.js'
import { METHODS, type MethodName } from '../../explain/words.js'

export interface MethodOptions {
  readonly layer?: string
  readonly class?: string
  readonly maxChannels?: number
  readonly patch?: number
  readonly stride?: number
  readonly steps?: number
}

const TAKES: Readonly<Record<MethodName, readonly (keyof MethodOptions)[]>> = {
  gradcam: ['layer', 'class'],
  'gradcam++': ['layer', 'class'],
  eigencam: ['layer'],
  scorecam: ['layer', 'class', 'maxChannels'],
  occlusion: ['class', 'patch', 'stride'],
  'integrated-gradients': ['class', 'steps'],
  features: ['layer'],
  filters: ['layer']
}

/** @throws ResnetError for an option that the method does not have. */
export function assertFitting(method: MethodName, options: MethodOptions): void {
  const wrong = Object.values(TAKES)
    .flat()
    .find(name => options[name] !== undefined && !TAKES[method].includes(name))
  if (wrong === undefined) return
  const methods = Object.keys(METHODS).filter(name => TAKES[name as MethodName].includes(wrong))
  const flag = wrong.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  throw new ResnetError(`--${flag} means nothing to --method ${method}; it is for ${methods.join(', ')}`)
}

// Some of the names, where none is near.
const SHOWN = 10

/** Resolves `--class`, a number or a name. @throws ResnetError with the valid range, and with similar names, or some. */
export function findClass(text: string, classes: number, nameOf: (index: number) => string): number {
  const range = `0 to ${classes - 1}`
  const names = Array.from({ length: classes }, (_, index) => nameOf(index))
  // Names first: the digits' names are numbers.
  const named = names.findIndex(name => name.toLowerCase() === text.toLowerCase())
  if (named >= 0) return named
  const index = readWhole(text)
  if (!Number.isNaN(index)) {
    if (index >= 0 && index < classes) return index
    throw new ResnetError(`There is no class ${text}: the network tells ${classes} apart, ${range}`)
  }
  const near = namesLike(text, names).map(name => `'${name}' (${names.indexOf(name)})`)
  const advice =
    near.length === 0 ? `; there are ${abridge(names, SHOWN)}` : `; near it are ${near.join(', ')}`
  throw new ResnetError(`There is no class '${text}'${advice}. Numbers go from ${range}`)
}

/** Names that contain the text, shortest first, then names with a similar spelling. */
function namesLike(text: string, names: readonly string[]): string[] {
  const wanted = text.toLowerCase()
  const holding = names.filter(name => name.toLowerCase().includes(wanted))
  holding.sort((a, b) => a.length - b.length)
  return [...new Set([...holding, ...nearestNames(text, names)])].slice(0, 3)
}
