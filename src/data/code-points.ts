// Python's order of strings. JavaScript's own compares UTF-16 units, which puts "𝒜" before "ﬁ".

/** Orders strings by code point, as Python's `sorted` does; for `Array.sort`. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  // Where one string has ended, the longer one comes later.
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1)
}
