// Quotes untrusted names in messages.

const MAX_QUOTED = 120

/** Quotes a name from a file for a message: escaped, and shortened to fit a line. */
export function quote(name: string): string {
  // Escape control characters, line separators and invisible formatting such as changes of direction.
  const text = JSON.stringify(name.slice(0, MAX_QUOTED)).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    char => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
  )
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED - 2)}…"` : text
}
