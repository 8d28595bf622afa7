// What options must be, as tables from which their interfaces are derived; what a function cannot use is refused by name.
import { OptionError } from './errors.js'
import { isA } from './kinds.js'
import { nearestNames } from './nearest-names.js'
import { orList, shown, SHOWN } from './words.js'

export { shown }

/** What one option must be. */
interface Rule {
  /** Ends the sentence `expected …`. */
  readonly expected: string
  readonly accepts: (value: unknown) => boolean
  readonly required?: boolean
}

/** A rule for values of one type; `type` exists for the compiler alone. */
export interface Check<T> extends Rule {
  readonly required?: false
  readonly type?: (value: T) => T
}

/** The check of an option that may not be left out; see `required`. */
export type RequiredCheck<T> = Omit<Check<T>, 'required'> & { readonly required: true }

/** The checks of options whose interface is written by hand, because it is generic. */
export type Checks<Options> = {
  readonly [K in keyof Required<Options>]: object extends Pick<Options, K>
    ? Check<Exclude<Options[K], undefined>>
    : RequiredCheck<Options[K]>
}

type RequiredOf<Table> = {
  [K in keyof Table]: Table[K] extends { readonly required: true } ? K : never
}[keyof Table]

type ValueOf<Rule> = Rule extends { readonly type?: (value: infer T) => unknown } ? T : never

/**
 * The options that a table describes, so that an interface says nothing twice:
 * `interface PoolOptions extends OptionsOf<typeof OPTIONS> {}`. Comments on the table's lines are the options' own.
 */
export type OptionsOf<Table> = [RequiredOf<Table>] extends [never]
  ? FreeOf<Table> // Alone, so that the compiler refuses a number or a text in their place.
  : FreeOf<Table> & { readonly [K in keyof Pick<Table, RequiredOf<Table>>]: ValueOf<Table[K]> }

type FreeOf<Table> = {
  readonly [K in keyof Omit<Table, RequiredOf<Table>>]?: ValueOf<Table[K & keyof Table]> | undefined
}

/** Of a function without options, which refuses any. */
export type NoOptions = Readonly<Record<string, never>>

/** Makes the error from who was called and what is wrong. */
export type MakeFault = (owner: string, fault: string) => Error

const optionFault: MakeFault = (owner, fault) => new OptionError(owner, fault)

/** Options without those that are `undefined`. */
export type Given<Options> = { readonly [K in keyof Options]: Exclude<Options[K], undefined> }

/** Options whose defaults are filled in. */
export type Settled<Options> = Required<Given<Options>>

/**
 * Checks the options of a call, inherited ones too, and returns them without those that are `undefined`, which count as
 * left out.
 * @param owner who was called, as the caller wrote it.
 * @throws OptionError, or what `makeFault` makes, naming the option, what was expected and what was found.
 */
export function checkOptions<Options extends object>(
  owner: string,
  options: Options,
  rules: Readonly<Record<string, Rule>>,
  makeFault = optionFault
): Given<Options> {
  const found: unknown = options
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    throw makeFault(owner, `expected an object of options, got ${shown(found)}`)
  }
  const valueOf = (name: string): unknown => Reflect.get(found, name)
  // Inherited options count, because they do wherever an object is taken apart.
  for (const name in found) {
    if (valueOf(name) !== undefined && !Object.hasOwn(rules, name)) {
      throw makeFault(owner, `unknown option ${shown(name)}${advice(name, Object.keys(rules))}`)
    }
  }
  const given: Record<string, unknown> = {}
  for (const [name, rule] of Object.entries(rules)) {
    const value = valueOf(name)
    if (value === undefined && !rule.required) continue
    checkOne(owner, name, value, rule, makeFault)
    given[name] = value
  }
  return given as Given<Options>
}

/**
 * Checks what a call was given by position: `checkArguments('Conv2d', { inChannels }, { inChannels: positiveInteger })`.
 * @throws OptionError naming the argument, what was expected and what was found.
 */
export function checkArguments(
  owner: string,
  given: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>
): void {
  for (const [name, rule] of Object.entries(rules)) checkOne(owner, name, given[name], rule)
}

function checkOne(
  owner: string,
  name: string,
  value: unknown,
  { expected, accepts }: Rule,
  makeFault = optionFault
): void {
  if (!accepts(value)) throw makeFault(owner, `${name}: expected ${expected}, got ${shown(value)}`)
}

/** Ends a sentence about an unknown name: the nearest ones, or all there are. */
export function advice(name: string, known: readonly string[]): string {
  const near = nearestNames(name.slice(0, SHOWN), known)
  if (near.length > 0) return `; did you mean ${orList(near.map(each => `'${each}'`))}?`
  return known.length === 0 ? '; it takes none' : `; expected one of ${known.join(', ')}`
}

/** An option that may not be left out. */
/* @__NO_SIDE_EFFECTS__ */
export function required<T>(check: Check<T>): RequiredCheck<T> {
  return { ...check, required: true }
}

/** A number for which `fits`; neither NaN nor infinity is one. */
/* @__NO_SIDE_EFFECTS__ */
function numberThat(expected: string, fits: (value: number) => boolean): Check<number> {
  return {
    expected,
    accepts: value => typeof value === 'number' && Number.isFinite(value) && fits(value)
  }
}

/** Any number, infinity and NaN too. */
export const anyNumber: Check<number> = typed('a number', 'number')

/** Any finite number. */
export const finiteNumber: Check<number> = numberThat('a finite number', () => true)

/** @param least the smallest number accepted. */
/* @__NO_SIDE_EFFECTS__ */
export function numberFrom(least: number): Check<number> {
  return numberThat(`a number of at least ${least}`, value => value >= least)
}

/** @param bound the greatest number that is not accepted. */
/* @__NO_SIDE_EFFECTS__ */
export function numberAbove(bound: number): Check<number> {
  return numberThat(`a number above ${bound}`, value => value > bound)
}

/** Both ends are accepted. */
/* @__NO_SIDE_EFFECTS__ */
export function numberBetween(least: number, most: number): Check<number> {
  return numberThat(`a number from ${least} to ${most}`, value => value >= least && value <= most)
}

/** Some of a whole: neither nothing nor all of it. */
export const properShare = numberThat('a share between 0 and 1', value => value > 0 && value < 1)

/** The weight of the past in a moving average. */
export const decay = numberThat('a number of at least 0 and below 1', value => value >= 0 && value < 1)

/** Both ends are accepted. */
/* @__NO_SIDE_EFFECTS__ */
export function wholeNumber(least: number, most?: number): Check<number> {
  return numberThat(
    most === undefined ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`,
    value => Number.isSafeInteger(value) && value >= least && (most === undefined || value <= most)
  )
}

/** How many of something there are that cannot be missing: classes, channels, groups. */
export const positiveInteger: Check<number> = wholeNumber(1)

/** Any whole number: a seed, an index that may count from the end. */
export const anyInteger: Check<number> = numberThat('a whole number', Number.isSafeInteger)

export const aBoolean: Check<boolean> = typed('true or false', 'boolean')
export const aString: Check<string> = typed('a string', 'string')

/** A function, of whatever signature the option has. */
/* @__NO_SIDE_EFFECTS__ */
export function aFunction<T>(): Check<T> {
  return typed('a function', 'function')
}

/* @__NO_SIDE_EFFECTS__ */
function typed<T>(expected: string, type: 'boolean' | 'number' | 'string' | 'function'): Check<T> {
  return { expected, accepts: value => typeof value === type }
}

/** One of a few values. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const T extends string | number | null>(...values: readonly T[]): Check<T> {
  return {
    expected: orList(values.map(value => (typeof value === 'string' ? `'${value}'` : String(value)))),
    accepts: value => values.some(each => each === value)
  }
}

/** An object of a class. */
/* @__NO_SIDE_EFFECTS__ */
export function instanceOf<T>(type: { readonly name: string; readonly prototype: T }): Check<T> {
  return {
    expected: `${/^[AEIOU]/.test(type.name) ? 'an' : 'a'} ${type.name}`,
    accepts: value => isA(type, value)
  }
}

/** An object, whose inside is checked where it is used; with a member, one that has it. */
/* @__NO_SIDE_EFFECTS__ */
export function anObject<T>(expected = 'an object', member?: keyof T & string): Check<T> {
  return {
    expected,
    accepts: value => typeof value === 'object' && value !== null && (member === undefined || member in value)
  }
}

/** Whatever the option's type allows: it is checked where it is used, by what understands it. */
/* @__NO_SIDE_EFFECTS__ */
export function checkedLater<T>(): Check<T> {
  return { expected: 'a value', accepts: () => true }
}

type ListOf<T, Length> = Length extends 2
  ? readonly [T, T]
  : Length extends 3
    ? readonly [T, T, T]
    : Length extends 4
      ? readonly [T, T, T, T]
      : readonly T[]

/** An array in which everything passes one check; with a length, of so many. */
/* @__NO_SIDE_EFFECTS__ */
export function listOf<T, Length extends number = number>(
  item: Check<T>,
  length?: Length
): Check<ListOf<T, Length>> {
  return {
    expected: `an array${length === undefined ? '' : ` of ${length}`}, each ${item.expected}`,
    accepts: value =>
      Array.isArray(value) && (length === undefined || value.length === length) && value.every(item.accepts)
  }
}

/** A number for height and width, or one for each. */
/* @__NO_SIDE_EFFECTS__ */
export function pairOf(side: Check<number>): Check<number | readonly [number, number]> {
  return { ...either(side, listOf(side, 2)), expected: `${side.expected}, or two of them` }
}

/** What one check or the other accepts. */
/* @__NO_SIDE_EFFECTS__ */
export function either<A, B>(a: Check<A>, b: Check<B>): Check<A | B> {
  return {
    expected: `${a.expected} or ${b.expected}`,
    accepts: value => a.accepts(value) || b.accepts(value)
  }
}
