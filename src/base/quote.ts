// Names from files, as messages show them.

const MAX_QUOTED = 120

/** A name from a file as messages show it: escaped, and of a length that fits a line. */
export function quote(name: string): string {
  // What a terminal would obey or a reader could not see: controls, line separators, changes of direction.
  const text = JSON.stringify(name.slice(0, MAX_QUOTED)).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    char => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
  )
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED - 2)}…"` : text
}
