// Texts as protocol 0 writes them, one a line.
import { Fault } from '../../base/errors.js'

/** `repr` of a `str` of Python 2, in quotes: `'a\\n'`. */
export function quotedText(line: string): string {
  const [, , body] = /^(['"])(.*)\1$/s.exec(line.trim()) ?? []
  if (body === undefined) throw new Fault('its pickle has a string without quotes')
  return unescaped(body)
}

/** A `unicode` with the escapes of `raw-unicode-escape`: `\\u00e9`. */
export function escapedText(line: string): string {
  return line.replace(/\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/gi, (_, short?: string, long?: string) =>
    character(short ?? long ?? '')
  )
}

const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function unescaped(body: string): string {
  return body.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (NAMED[char] ?? char) : character(hex)
  )
}

function character(hex: string): string {
  const code = Number.parseInt(hex, 16)
  if (code > 0x10ffff) throw new Fault('its pickle has a character that does not exist')
  return String.fromCodePoint(code)
}
