// Weights under other projects' names, under ours: recognised by their names, renamed, and without what is no part of the network.
import { Fault } from '../../base/errors.js'
import { didYouMean } from '../../base/nearest-names.js'
import { aString, checkArguments, checkOptions, type OptionsOf } from '../../base/options.js'
import { abridge, quote } from '../../base/words.js'
import { aStateDict, type StateDict } from '../../tensor/state-dict.js'
import type { Tensor } from '../../tensor/tensor.js'
import { setIdentityNorm, setIdentityStatistics } from '../identity-norm.js'
import { BLOCK, DIALECTS, type Dialect } from './dialects.js'
import { findHead, HEAD } from './find-head.js'
import { TO_HWIO, TO_OIHW, withKernels } from './kernels.js'
import { renaming, renamingBack } from './renaming.js'

/** Weights under our names. */
export interface Translation {
  readonly dialect: Dialect
  /** What stood before all their names: `module.` */
  readonly prefix: string
  readonly stateDict: StateDict
  /** The name that a residual network's classifier had, where it has one. */
  readonly head: string | undefined
  /** Whether it is a residual network without a classifier. */
  readonly isBackbone: boolean
  /** Names of tensors that are no part of the network. */
  readonly leftOut: readonly string[]
  /** Lower for a likelier choice among several networks: averages come before others, and what follows them slowly last. */
  readonly rank: number
}

/** Names of dialects, for options. */
export const DIALECT_NAMES: readonly string[] = [...new Set(DIALECTS.map(({ name }) => name))]

/**
 * Weights under our names: one translation for each network in the file, the likeliest first; none where no project's names are
 * recognised.
 * @param name of a dialect that it must be.
 * @throws Fault for an unknown dialect, or another than the named one.
 */
export function translations(stateDict: StateDict, name?: string): Translation[] {
  const rows = name === undefined ? DIALECTS : rowsOf(name)
  const originals = unwrapped(stateDict)
  const names = [...originals.keys()]
  for (const dialect of rows) {
    const prefixes = prefixesOf(dialect, names)
    if (prefixes.length > 0) return prefixes.map(prefix => translated(stateDict, originals, dialect, prefix))
  }
  if (name === undefined) return []
  const [{ project, signs }] = rowsOf(name)
  throw new Fault(`has no names of ${project}, such as ${quote(signs[0])}`)
}

/**
 * Our names as a project's.
 * @throws Fault for an unknown dialect, or one without a name for some tensor.
 */
export function translateBack(stateDict: StateDict, name: string): StateDict {
  let missing: readonly string[] = []
  for (const dialect of rowsOf(name)) {
    const { rules = [], lacks = [] } = dialect
    const [forth, back] = [renaming(rules), renamingBack(rules)]
    const named = [...stateDict].filter(([key]) => !lacks.some(ending => key.endsWith(ending)))
    if (rules.length === 0) return new Map(named)
    const laidOut = (tensor: Tensor): Tensor => (dialect.kernels ? withKernels(tensor, TO_HWIO) : tensor)
    const theirs = named.map(([key, tensor]) => [key, back(key), laidOut(tensor)] as const)
    const unknown = theirs.filter(([key, to]) => to === undefined || forth(to) !== key).map(([key]) => key)
    const result = new Map(
      theirs.flatMap(([, to, tensor]) => (to === undefined ? [] : [[to, tensor] as const]))
    )
    if (unknown.length === 0 && prefixesOf(dialect, [...result.keys()]).includes('')) return result
    if (missing.length === 0 || unknown.length < missing.length) missing = unknown
  }
  const { project } = rowsOf(name)[0]
  throw new Fault(
    missing.length === 0
      ? `holds no network that ${project} has names for`
      : `${project} has no names for ${abridge(missing.map(quote), SHOWN)}`
  )
}

const TRANSLATION = {
  /** The project whose names they have; default the one that is recognised. */
  from: aString,
  /** The project whose names they get; default PyTorch's (torchvision, timm). */
  to: aString
}

/** Options of `translateWeights`. */
export interface TranslateOptions extends OptionsOf<typeof TRANSLATION> {}

/**
 * Weights under another project's names, such as `hf` (Hugging Face transformers), `mmpretrain` or `detectron2`. Wrappers' prefixes
 * and what is no part of the network are left out.
 * @throws ResnetError where a project is unknown, or has no names for some tensor.
 * @example
 * const state = translateWeights(resnet18().stateDict(), { to: 'hf' })
 * Array.from(state.keys())[0] // 'resnet.embedder.embedder.convolution.weight'
 */
export function translateWeights(stateDict: StateDict, options: TranslateOptions = {}): StateDict {
  const { from, to } = checkOptions('translateWeights', options, TRANSLATION)
  checkArguments('translateWeights', { stateDict }, { stateDict: aStateDict })
  const [translation] = translations(stateDict, from)
  const ours = translation?.stateDict ?? stateDict
  if (to === undefined) return ours
  try {
    return translateBack(ours, to)
  } catch (error) {
    // The names of timm's resnetv2, which a network here has too, are some projects' rather than PyTorch's.
    const own = from === undefined && error instanceof Fault ? knownBack(stateDict, to) : undefined
    if (own) return own
    throw error
  }
}

function knownBack(stateDict: StateDict, name: string): StateDict | undefined {
  try {
    return translateBack(stateDict, name)
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

const SHOWN = 4

function rowsOf(name: string): readonly [Dialect, ...Dialect[]] {
  const [first, ...more] = DIALECTS.filter(dialect => dialect.name === name)
  if (first !== undefined) return [first, ...more]
  const advice = didYouMean(name, DIALECT_NAMES) || `; expected one of ${DIALECT_NAMES.join(', ')}`
  throw new Fault(`there is no dialect ${quote(name)}${advice}`)
}

/** Parts of names that wrappers of torch insert, wherever they stand. */
const WRAPPERS = /(^|\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)(?=\.)/g

/** The names without those parts, and what each was. */
function unwrapped(stateDict: StateDict): Map<string, string> {
  const bare = Array.from(
    stateDict.keys(),
    key => [key.replace(WRAPPERS, '').replace(/^\./, ''), key] as const
  )
  const originals = new Map(bare)
  return originals.size === stateDict.size ? originals : new Map(bare.map(([, key]) => [key, key]))
}

// More networks than any file has, so that a crafted one costs no more.
const MOST_NETWORKS = 8

/** The prefixes behind which a dialect's signs are, the likeliest first. */
function prefixesOf({ signs: [whole, ...more] }: Dialect, keys: readonly string[]): string[] {
  return keys
    .filter(key => key === whole || key.endsWith(`.${whole}`))
    .slice(0, MOST_NETWORKS)
    .map(key => key.slice(0, key.length - whole.length))
    .filter(prefix => more.every(sign => keys.some(key => key.startsWith(prefix + sign))))
    .sort((a, b) => rankOf(a) - rankOf(b))
}

function rankOf(prefix: string): number {
  if (/ema|averaged|teacher/i.test(prefix)) return 0
  return /target|momentum|student|_k\./i.test(prefix) ? 2 : 1
}

function translated(
  given: StateDict,
  originals: ReadonlyMap<string, string>,
  dialect: Dialect,
  prefix: string
): Translation {
  const rename = dialect.rules ? renaming(dialect.rules) : (name: string) => name
  // By our names where the rules have one, else by their own without the wrapper's prefix.
  const named = Array.from(originals, ([key, original]) => {
    const isLeft = COUNTS.test(key) || dialect.leaves?.some(ending => key.endsWith(ending))
    const isPart = key.startsWith(prefix) && isLeft !== true
    const own = isPart ? rename(key.slice(prefix.length)) : undefined
    const isOwn = own !== undefined && own !== ''
    return { key: original, isOwn, name: isOwn ? own : key.slice(shared(prefix, key).length) }
  })
  const isResidual = named.some(({ isOwn, name }) => isOwn && name === BLOCK)
  const stateDict: StateDict = new Map()
  const outside: StateDict = new Map()
  for (const { key, name, isOwn } of named) {
    const tensor = given.get(key)
    const isTrunk = isOwn && !(isResidual && AFTER_TRUNK.test(name))
    const laidOut = tensor && dialect.kernels ? withKernels(tensor, TO_OIHW) : tensor
    if (laidOut) (isTrunk ? stateDict : outside).set(name, laidOut)
  }
  const taken = new Set(stateDict.keys())
  if (dialect.foldsStatistics) addStatistics(stateDict)
  if (dialect.foldsNorms) unfoldNorms(stateDict)
  const head = isResidual ? findHead(outside, stateDict) : undefined
  if (head) {
    for (const part of ['weight', 'bias']) stateDict.delete(`${head.name}.${part}`)
    stateDict.set(`${HEAD}.weight`, head.weight)
    if (head.bias) stateDict.set(`${HEAD}.bias`, head.bias)
    for (const part of ['weight', 'bias']) taken.add(`${head.name}.${part}`)
  }
  const [whole] = dialect.signs
  const sign = originals.get(prefix + whole) ?? ''
  return {
    dialect,
    // Wrappers within the network leave no prefix that its names have.
    prefix: sign.endsWith(whole) ? sign.slice(0, -whole.length) : prefix,
    stateDict,
    head: head?.name,
    isBackbone: isResidual && !head,
    leftOut: named.filter(({ name }) => !taken.has(name)).map(({ key }) => key),
    rank: rankOf(prefix)
  }
}

/** As much of a prefix as a name has, by whole parts: of `module.backbone.`, `module.fc` has `module.` */
function shared(prefix: string, name: string): string {
  let part = prefix
  while (part !== '' && !name.startsWith(part)) {
    part = part.slice(0, part.lastIndexOf('.', part.length - 2) + 1)
  }
  return part
}

/** What follows a residual network's trunk: the classifier, which is found apart, or something else, such as a projector. */
const AFTER_TRUNK = /^(fc|classifier|head|last_linear|linear|output|logits|\d+)\./
/** What the profiler thop leaves in a network that it has counted. */
const COUNTS = /(^|\.)total_(ops|params)$/

/** Puts the biases of convolutions into normalisations that do nothing else. */
function unfoldNorms(stateDict: StateDict): void {
  for (const [key, bias] of [...stateDict]) {
    const [, before = '', conv, shortcut] = /^(.*?)(?:conv(\d)|(downsample)\.0)\.bias$/.exec(key) ?? []
    if (conv === undefined && shortcut === undefined) continue
    stateDict.delete(key)
    setIdentityNorm(stateDict, conv === undefined ? `${before}downsample.1` : `${before}bn${conv}`, bias)
  }
}

/** Statistics that change nothing, for normalisations that are a scale and a shift. */
function addStatistics(stateDict: StateDict): void {
  for (const [key, { shape }] of [...stateDict]) {
    const [, norm] = /^(.*(?:^|\.)(?:bn\d|downsample\.1))\.weight$/.exec(key) ?? []
    if (norm === undefined || stateDict.has(`${norm}.running_var`)) continue
    setIdentityStatistics(stateDict, norm, [shape[0] ?? 0])
  }
}
