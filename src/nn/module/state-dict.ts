// Matches a state dict with a module and reports all differences at once.
import { ResnetError } from '../../base/errors.js'
import { orList } from '../../base/words.js'
import { prefixesBefore, type StateDict } from '../../tensor/state-dict.js'
import { formatShape } from '../../tensor/tensor.js'

export interface ShapeMismatch {
  readonly key: string
  readonly expected: readonly number[]
  readonly found: readonly number[]
}

/** The differences between a state dict and a module; all empty when they match. */
export interface LoadReport {
  /** Keys the module has and the state dict lacks. */
  readonly missingKeys: readonly string[]
  /** Keys the state dict has and the module lacks. */
  readonly unexpectedKeys: readonly string[]
  /** Keys both have with different shapes; they are not loaded. */
  readonly mismatched: readonly ShapeMismatch[]
}

/**
 * A state dict that does not fit a module; `report` lists every difference.
 * @param prefixes prefixes under which the state dict has all of the module's keys.
 */
export class StateDictError extends ResnetError {
  readonly report: LoadReport

  constructor(module: string, report: LoadReport, prefixes: readonly string[] = []) {
    const advice =
      prefixes.length === 0
        ? ''
        : `, but what is behind ${orList(prefixes.map(prefix => `'${prefix}'`))} has its names (pickPrefix picks it, and so does resnet convert --pick)`
    super([`The state dict does not fit ${module}${advice}:`, ...describe(report)].join('\n'))
    this.report = report
  }
}

function describe({ missingKeys, unexpectedKeys, mismatched }: LoadReport): string[] {
  return [
    ...mismatched.map(
      ({ key, expected, found }) => `  ${key}: expected ${formatShape(expected)}, got ${formatShape(found)}`
    ),
    ...missingKeys.map(key => `  ${key}: missing`),
    ...unexpectedKeys.map(key => `  ${key}: unexpected`)
  ]
}

// torch before 0.4.1 did not count batches, so its files lack these; torch itself fills them in silently.
const OPTIONAL = /(^|\.)num_batches_tracked$/

export function matchStateDict(
  expected: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  given: StateDict
): LoadReport {
  const mismatched: ShapeMismatch[] = []
  for (const [key, { shape }] of expected) {
    const found = given.get(key)?.shape
    if (found && formatShape(found) !== formatShape(shape)) mismatched.push({ key, expected: shape, found })
  }
  return {
    missingKeys: [...expected.keys()].filter(key => !given.has(key) && !OPTIONAL.test(key)),
    unexpectedKeys: [...given.keys()].filter(key => !expected.has(key)),
    mismatched
  }
}

/** Prefixes that may have to be removed first. */
export function forgottenPrefixes(expected: Iterable<string>, given: StateDict): string[] {
  const needed = [...expected].filter(key => !OPTIONAL.test(key))
  return prefixesBefore(needed, given)
}

export function isClean({ missingKeys, unexpectedKeys, mismatched }: LoadReport): boolean {
  return missingKeys.length + unexpectedKeys.length + mismatched.length === 0
}
