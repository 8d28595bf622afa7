// Rules that rename tensors, both ways. A rule pairs the beginning of a name there with that of the name here; `{s}` stands for a
// number, and `{s-1}` for one less; `{s:2}` is written with two digits at least.

/** `theirs` and `ours`; without `ours`, the tensor is no part of the network. An empty beginning is that of every name. */
export type Rule = readonly [theirs: string, ours?: string]

/** A name by the first rule that fits, undefined for a tensor that is left out. */
export type Renaming = (name: string) => string | undefined

/** From their names to ours. */
export function renaming(rules: readonly Rule[]): Renaming {
  return firstOf(rules.map(([theirs, ours]) => [beginning(theirs), ours]))
}

/** From our names to theirs. */
export function renamingBack(rules: readonly Rule[]): Renaming {
  return firstOf(
    rules.flatMap(([theirs, ours]) => (ours === undefined ? [] : [[beginning(ours), theirs] as const]))
  )
}

function firstOf(rules: readonly (readonly [Beginning, string | undefined])[]): Renaming {
  return name => {
    for (const [begin, to] of rules) {
      const match = begin.pattern.exec(name)
      const numbers = match && numbersIn(begin, match)
      if (!numbers) continue
      const start = to === undefined ? undefined : written(to, numbers)
      return start === undefined ? undefined : joined(start, name.slice(match[0].length))
    }
    return undefined
  }
}

interface Beginning {
  readonly pattern: RegExp
  /** What is added to each number to get the variable's value. */
  readonly offsets: readonly (readonly [variable: string, offset: number])[]
}

const VARIABLE = /\{(\w)([+-]\d+)?(?::(\d))?\}/g
// No network has more blocks.
const NUMBER = '(\\d{1,4})'

/** Compiles a template; whole parts of a name match, so that `bn1` is no beginning of `bn10`. */
function beginning(template: string): Beginning {
  const offsets = Array.from(template.matchAll(VARIABLE), ([, variable, offset]) => {
    return [variable, -Number(offset ?? 0)] as const
  })
  const source = template.replace(/\./g, '\\.').replace(VARIABLE, NUMBER)
  return { pattern: new RegExp(template === '' ? '^' : `^${source}(?=\\.|$)`), offsets }
}

function numbersIn({ offsets }: Beginning, [, ...found]: readonly string[]): Map<string, number> | undefined {
  const numbers = new Map<string, number>()
  for (const [index, [variable, offset]] of offsets.entries()) {
    const value = Number(found[index]) + offset
    if (value < 0 || (numbers.get(variable) ?? value) !== value) return undefined
    numbers.set(variable, value)
  }
  return numbers
}

/** @returns undefined where a number would be negative. */
function written(template: string, numbers: ReadonlyMap<string, number>): string | undefined {
  let isWhole = true
  const name = template.replace(VARIABLE, (_, variable: string, offset = '0', digits = '1') => {
    const value = (numbers.get(variable) ?? 0) + Number(offset)
    isWhole &&= value >= 0
    return String(value).padStart(Number(digits), '0')
  })
  return isWhole ? name : undefined
}

function joined(begin: string, rest: string): string {
  return begin === ''
    ? rest.replace(/^\./, '')
    : rest === '' || rest.startsWith('.')
      ? begin + rest
      : `${begin}.${rest}`
}
