// What somebody who wrote a name that does not exist most likely meant: for the errors of every part that looks
// something up by its name (modules, parameters, models, weights).
import { distance } from 'fastest-levenshtein'

/** More than a sentence can carry helps nobody. */
const SHOWN = 3
/** A name that contains the other, or is contained in it, is nearer than one in which anything differs. */
const PART = 0.5
/** Of a name, so much may differ; what differs more is another name. */
const DIFFERING = 0.4

/**
 * The few likeliest names for a wrong one, best first: spelled almost the same (`layr1` → `layer1`), a number apart
 * (`layer5` → `layer4`, `layer3`), cut short (`resnext50` → `resnext50_32x4d`), or with too much or too little before
 * it (`module.fc` → `fc`, `bn2` → `layer1.0.bn2`). None where none is near.
 *
 * @example
 * nearestNames('layer5', ['conv1', 'layer1', 'layer2', 'layer3', 'layer4', 'fc']) // ["layer4", "layer3", "layer2"]
 */
export function nearestNames(wrong: string, names: Iterable<string>): string[] {
  const all = Array.from(new Set(names), name => ({
    name,
    cost: costOf(wrong, name),
    apart: numbersApart(wrong, name)
  }))
  const best = Math.min(...all.map(({ cost }) => cost))
  // Beside a name that is very near, one that is just near enough would only distract.
  const allowed = Math.min(Math.max(PART, DIFFERING * wrong.length), 2 * best + 1)
  return all
    .filter(({ cost }) => cost <= allowed)
    .sort((a, b) => a.cost - b.cost || a.apart - b.apart || lengthApart(wrong, a) - lengthApart(wrong, b))
    .slice(0, SHOWN)
    .map(({ name }) => name)
}

/** `; did you mean layer4, layer3 or layer2?`, to end a sentence with; nothing where no name is near. */
export function didYouMean(wrong: string, names: Iterable<string>): string {
  const near = nearestNames(wrong, names)
  return near.length === 0 ? '' : `; did you mean ${orList(near)}?`
}

/** `layer4, layer3 or layer2` */
export function orList(names: readonly string[]): string {
  const [last] = names.slice(-1)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${last}`
}

function costOf(wrong: string, name: string): number {
  const [a, b] = [plain(wrong), plain(name)]
  if (a === b) return 0
  if (b.startsWith(a) || isEnding(a, b) || isEnding(b, a)) return PART
  const edits = distance(a, b)
  // Of two names that differ in numbers alone, all numbers are as near: what counts is how many differ.
  return wording(a) === wording(b) ? Math.min(edits, differingNumbers(a, b)) : edits
}

/** Nobody means another name by another case or another dash. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/gu, '')
}

/** Whether a dotted name ends in another: `module.layer1.0` in `layer1.0`. */
function isEnding(ending: string, name: string): boolean {
  return ending !== '' && name.endsWith(`.${ending}`)
}

function wording(name: string): string {
  return name.replace(/\d+/gu, '#')
}

function numbersOf(name: string): number[] {
  return (name.match(/\d+/gu) ?? []).map(Number)
}

function differingNumbers(a: string, b: string): number {
  const others = numbersOf(b)
  return numbersOf(a).filter((number, i) => number !== others[i]).length
}

/** How far the numbers of two names are from each other, where only numbers differ. */
function numbersApart(a: string, b: string): number {
  if (wording(plain(a)) !== wording(plain(b))) return Infinity
  const others = numbersOf(b)
  return numbersOf(a).reduce((sum, number, i) => sum + Math.abs(number - others[i]), 0)
}

function lengthApart(wrong: string, { name }: { readonly name: string }): number {
  return Math.abs(wrong.length - name.length)
}
