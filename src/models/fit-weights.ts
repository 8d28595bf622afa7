// Weights under the names of the network that they are for, from those of another project or behind a wrapper's prefix.
import { Fault } from '../base/errors.js'
import { counted } from '../base/figures.js'
import { abridge, quote } from '../base/words.js'
import { namedHolders, type Module } from '../nn/module/module.js'
import { forgottenPrefixes, matchStateDict } from '../nn/module/state-dict.js'
import { type StateDict, withoutPrefix } from '../tensor/state-dict.js'
import { BLOCK } from '../weights/dialects/dialects.js'
import { translations, type Translation } from '../weights/dialects/translate.js'
import type { Arithmetic } from './arithmetic.js'
import { doubtsOf } from './doubts.js'
import { hasHead } from './head.js'

/** What is known of the arithmetic, by option; of the pixels, only that they are. */
type Assumptions = Arithmetic & { readonly pixels?: string | undefined }

export interface FittedWeights {
  readonly stateDict: StateDict
  /** What was done, in a sentence. */
  readonly note?: string | undefined
}

/**
 * Weights under a network's names, with or without its classifier; as they are, where they have none of them.
 * @param dialect that they must be in; default the one that is recognised.
 * @param assume what the network was built with, so that no doubt is left.
 * @throws Fault for another dialect than the given one, for several networks of which none is the likeliest, and for weights that
 *   another arithmetic was trained with.
 */
export function fitWeights(
  net: Module,
  given: StateDict,
  dialect?: string,
  assume: Assumptions = {}
): FittedWeights {
  const head = hasHead(net) ? `${net.head}.` : undefined
  const isHead = (key: string): boolean => head !== undefined && key.startsWith(head)
  const trunk = new Map(namedHolders(net).filter(([key]) => !isHead(key)))
  const hasTrunk = (stateDict: StateDict): boolean => {
    const { missingKeys, unexpectedKeys } = matchStateDict(trunk, stateDict)
    return missingKeys.length === 0 && unexpectedKeys.every(isHead)
  }
  const known = translations(given, dialect)
  const fitting = known.filter(({ stateDict }) => hasTrunk(stateDict))
  const [best] = dialect !== undefined && fitting.length === 0 ? known : fitting
  if (best) {
    assertSure(best, fitting, dialect, assume)
    return { stateDict: best.stateDict, note: noteOf(best, fitting, given, assume) }
  }
  // A network of the user's own, which no project names.
  const own = forgottenPrefixes(trunk.keys(), given)
    .map(prefix => ({ prefix, stateDict: behind(prefix, given) }))
    .filter(({ stateDict }) => hasTrunk(stateDict))
  if (own.length === 1) {
    const [{ prefix, stateDict }] = own
    const rest = [...given.keys()].filter(key => !key.startsWith(prefix))
    const isBackbone = ![...stateDict.keys()].some(isHead)
    return { stateDict, note: sentence([takenOff(prefix, given), leftOut(rest), isBackbone && UNTRAINED]) }
  }
  if (hasTrunk(given)) return { stateDict: given, note: UNTRAINED }
  // Another network's, or not all of one: the names that it would have here show what is wrong, and not that all have a prefix.
  const [likeliest] = known
  const isRenamed =
    likeliest !== undefined && (likeliest.dialect.rules !== undefined || likeliest.prefix !== '')
  return { stateDict: isRenamed ? likeliest.stateDict : given }
}

function behind(prefix: string, stateDict: StateDict): StateDict {
  return withoutPrefix(new Map([...stateDict].filter(([key]) => key.startsWith(prefix))), prefix)
}

/** @throws Fault where a choice, or what is computed, would be a guess. */
function assertSure(
  { dialect, rank, stateDict }: Translation,
  fitting: readonly Translation[],
  asked: string | undefined,
  assume: Assumptions
): void {
  const likeliest = fitting.filter(each => each.rank === rank)
  if (likeliest.some(each => !areEqual(each.stateDict, stateDict))) {
    const names = likeliest.map(({ prefix }) => quote(prefix.replace(/\.$/, '')))
    throw new Fault(`holds several networks; the option entry chooses one: ${names.join(', ')}`)
  }
  if ((dialect.foldsStatistics ?? dialect.foldsNorms) && assume.eps !== undefined) {
    throw new Fault(
      `has names of ${dialect.project}, whose normalisations are a scale and a shift without eps: leave the option out`
    )
  }
  if (dialect.differs === undefined || asked !== undefined) return
  const { project, differs, name } = dialect
  if (differs.isOfBasicBlocks && stateDict.has(BLOCK.replace('conv1', 'conv3'))) return
  if (differs.option && assume[differs.option[0]] === differs.option[1]) return
  const remedy = differs.option ? `the option ${differs.option.join(': ')} builds it so, and ` : ''
  throw new Fault(
    `has names of ${project}, where the arithmetic is another: ${differs.what}; ${remedy}the option dialect loads it all the same: '${name}'`
  )
}

/** Whether two networks are one, saved twice: what trains it and what attacks it. */
function areEqual(a: StateDict, b: StateDict): boolean {
  if (a.size !== b.size) return false
  return Array.from(a).every(([key, { data }]) => {
    const other = b.get(key)?.data
    return (
      other === data ||
      (other?.length === data.length && data.every((value, i) => Object.is(value, other[i])))
    )
  })
}

function noteOf(
  translation: Translation,
  fitting: readonly Translation[],
  given: StateDict,
  assume: Assumptions
): string | undefined {
  const { dialect, prefix, head, isBackbone, leftOut: rest } = translation
  const { rules, project } = dialect
  const assumed = doubtsOf(translation, Object.keys(assume))
  const others = fitting.map(each => each.prefix).filter(other => other !== prefix)
  return sentence([
    rules && `took the names of ${project} as PyTorch's`,
    prefix !== '' && takenOff(prefix, given),
    dialect.foldsNorms && 'its folded normalisations are read as ones that only add a bias',
    head !== undefined && head !== 'fc' && `took ${quote(head)} as its classifier`,
    others.length > 0 && `other networks are behind ${abridge(others.map(quote), SHOWN)}`,
    leftOut(rest),
    isBackbone && UNTRAINED,
    assumed.length > 0 && `assumed: ${assumed.join(', ')}`
  ])
}

function takenOff(prefix: string, given: StateDict): string {
  const count = [...given.keys()].filter(key => key.startsWith(prefix)).length
  const all = count === 1 ? 'its tensor' : `all ${count} tensors`
  const which = count === given.size ? all : `${count} of ${given.size} tensors`
  return `took ${quote(prefix)} off the names of ${which}`
}

function leftOut(keys: readonly string[]): string | false {
  const first = keys.slice(0, SHOWN).map(quote).join(', ')
  const rest = keys.length > SHOWN ? `, …` : ''
  return keys.length > 0 && `left out ${counted(keys.length, 'tensor', 'tensors')} (${first}${rest})`
}

const SHOWN = 3
const UNTRAINED = "has no classifier, so that the network's is untrained"

function sentence(parts: readonly (string | false | undefined)[]): string | undefined {
  const said = parts.filter(part => typeof part === 'string')
  return said.length > 0 ? said.join('; ') : undefined
}
