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
  const text = escaped(JSON.stringify(name.slice(0, MAX_QUOTED)), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu)
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED - 2)}…"` : text
}

/** A text that a terminal can show: control characters, line separators and changes of direction are escaped. */
export function printable(text: string): string {
  return escaped(text, /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu)
}

function escaped(text: string, characters: RegExp): string {
  return text.replace(characters, char => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
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
  if (typeof value !== 'object' || value === null) return String(value)
  const tag = 'constructor' in value && typeof value.constructor === 'function' ? value.constructor.name : ''
  return tag === '' || tag === 'Object' ? 'an object' : `an object of class ${tag}`
}
