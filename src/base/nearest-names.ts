// Suggestions for a misspelled name, for errors about unknown modules, parameters, models and weights.
import { OptionError } from './errors.js'
import { orList, shown } from './words.js'

/** The most suggestions that fit into one sentence. */
const SHOWN = 3
/** The cost of a name that contains the other one or is contained in it: less than one edit. */
const PART = 0.5
/** The fraction of a name's characters that may differ. */
const DIFFERING = 0.4

/**
 * The most similar known names, best first: almost the same spelling (`layr1` → `layer1`), another number (`layer5` →
 * `layer4`, `layer3`), an abbreviation (`resnext50` → `resnext50_32x4d`), a superfluous or a missing prefix (`module.fc`
 * → `fc`, `bn2` → `layer1.0.bn2`). Empty if no name is similar.
 *
 * @example
 * nearestNames('layer5', ['conv1', 'layer1', 'layer2', 'layer3', 'layer4', 'fc']) // ["layer4", "layer3", "layer2"]
 */
export function nearestNames(wrong: string, names: Iterable<string>): string[] {
  const known = new Set(Symbol.iterator in Object(names) ? names : [names as unknown as string])
  for (const text of [wrong, ...known]) {
    if (typeof (text as unknown) !== 'string') {
      throw new OptionError('nearestNames', `expected a name and a list of names, got ${shown(text)}`)
    }
  }
  const all = Array.from(known, name => ({ name, ...distanceTo(wrong, name) }))
  const best = Math.min(...all.map(({ cost }) => cost))
  // A very similar name makes weak suggestions superfluous.
  const allowed = Math.min(Math.max(PART, DIFFERING * wrong.length), 2 * best + 1)
  return all
    .filter(({ cost }) => cost <= allowed)
    .sort((a, b) => a.cost - b.cost || a.apart - b.apart || lengthApart(wrong, a) - lengthApart(wrong, b))
    .slice(0, SHOWN)
    .map(({ name }) => name)
}

/** `; did you mean layer4, layer3 or layer2?`, to append to a message; empty if no name is similar. */
export function didYouMean(wrong: string, names: Iterable<string>): string {
  const near = nearestNames(wrong, names)
  return near.length === 0 ? '' : `; did you mean ${orList(near)}?`
}

/** What a suggestion costs, and how far its numbers are apart; infinitely if anything else differs. */
function distanceTo(wrong: string, name: string): { readonly cost: number; readonly apart: number } {
  const [a, b] = [plain(wrong), plain(name)]
  const others = numbersOf(b)
  const gaps =
    wording(a) === wording(b) ? numbersOf(a).map((number, i) => Math.abs(number - others[i])) : undefined
  const apart = gaps?.reduce((sum, gap) => sum + gap, 0) ?? Infinity
  if (a === b) return { cost: 0, apart }
  if (b.startsWith(a) || isEnding(a, b) || isEnding(b, a)) return { cost: PART, apart }
  // If only numbers differ, the cost is how many of them differ, whatever their digits.
  return { cost: Math.min(distance(a, b), gaps?.filter(gap => gap > 0).length ?? Infinity), apart }
}

/** Ignores case, hyphens, underscores and spaces. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/gu, '')
}

/** Whether a dotted name ends in another: `module.layer1.0` ends in `layer1.0`. */
function isEnding(ending: string, name: string): boolean {
  return ending !== '' && name.endsWith(`.${ending}`)
}

function wording(name: string): string {
  return name.replace(/\d+/gu, '#')
}

function numbersOf(name: string): number[] {
  return (name.match(/\d+/gu) ?? []).map(Number)
}

function lengthApart(wrong: string, { name }: { readonly name: string }): number {
  return Math.abs(wrong.length - name.length)
}

/** The least number of characters to insert, delete or replace (Levenshtein's distance), by rows of its table. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] === b[j] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]
}
