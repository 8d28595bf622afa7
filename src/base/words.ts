// The words that messages are made of: lists, class names, and untrusted names in quotes.

/** The first `shown` items, and the number of the others. */
export function abridge(items: readonly string[], shown: number): string {
  const rest = items.length - shown
  return `${items.slice(0, shown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** The name of a class, or its number for outputs beyond the named classes. */
export function className(classes: readonly string[], index: number): string {
  return classes[index] ?? `class ${index}`
}

const MAX_QUOTED = 120

/** Quotes a name from a file for a message: escaped, and shortened to fit a line. */
export function quote(name: string): string {
  const text = printable(JSON.stringify(name.slice(0, MAX_QUOTED)))
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED - 2)}…"` : text
}

/** What acts on a terminal or a log instead of standing there: control characters, line separators, changes of direction. */
const ACTING = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu

/** A text as it may stand in one line of a terminal or a log: what would act there is written as its code. */
export function printable(text: string): string {
  return text.replace(ACTING, char => `\\u{${codeOf(char)}}`)
}

/** JSON of a value, with the same characters written as JSON's own escapes: it still reads back as the same value. */
export function printableJson(value: unknown, indent?: number): string {
  const lines = JSON.stringify(value, undefined, indent).split('\n')
  return lines.map(line => line.replace(ACTING, char => `\\u${codeOf(char).padStart(4, '0')}`)).join('\n')
}

function codeOf(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16)
}

/** `layer4, layer3 or layer2` */
export function orList(names: readonly string[]): string {
  const [last] = names.slice(-1)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${last}`
}

/** Of a long text, so much is shown; of a long or nested array, only its length. */
export const SHOWN = 40
const FEW = 4

/** A value in few words. */
export function shown(value: unknown, isInside = false): string {
  try {
    return described(value, isInside)
  } catch {
    // A revoked proxy, or a getter that throws.
    return `${typeof value === 'function' ? 'a function' : 'an object'} that cannot be read`
  }
}

function described(value: unknown, isInside: boolean): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value)
    return `'${text.slice(1, -1).replaceAll('\\"', '"')}'`
  }
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function'
  if (Array.isArray(value)) {
    const isLong = isInside || value.length > FEW
    return isLong ? `an array of ${value.length}` : `[${value.map(each => shown(each, true)).join(', ')}]`
  }
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return String(value)
  if ('then' in value && typeof value.then === 'function') return 'a promise: await it'
  const tag = 'constructor' in value && typeof value.constructor === 'function' ? value.constructor.name : ''
  return tag === '' || tag === 'Object' ? 'an object' : `an object of class ${tag}`
}
