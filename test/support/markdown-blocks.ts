// The code of a Markdown page: what it shows to run, and what it says comes out.

/** A fenced block. */
export interface CodeBlock {
  /** `ts`, `sh`, … */
  readonly language: string
  /** The other words behind the fence: `slow`, `no-run`. */
  readonly flags: readonly string[]
  readonly code: string
  /** The block `text` that follows at once: what running prints. */
  readonly prints: string | undefined
  /** Of the page; the first is 1. */
  readonly line: number
}

/** All fenced blocks of a page, but for those that say what another prints. */
export function codeBlocks(page: string): CodeBlock[] {
  const found = Array.from(page.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms), match => ({
    language: match[1],
    flags: match[2].split(' ').filter(word => word !== ''),
    code: match[3],
    start: match.index,
    end: match.index + match[0].length
  }))
  const isOutput = (i: number): boolean =>
    i > 0 && found[i].language === 'text' && page.slice(found[i - 1].end, found[i].start).trim() === ''
  return found.flatMap(({ language, flags, code, start }, i) => {
    if (isOutput(i)) return []
    const prints = i + 1 < found.length && isOutput(i + 1) ? found[i + 1].code : undefined
    return [{ language, flags, code, prints, line: page.slice(0, start).split('\n').length }]
  })
}

/**
 * Compares what was printed with what a page shows: the same lines, one after the other, somewhere in it; a line `…`
 * stands for any lines between.
 * @returns the first shown line that is not where it should be; `undefined` where all are.
 */
export function missingLine(printed: string, shown: string): string | undefined {
  const lines = printed.split('\n').map(line => line.trimEnd())
  let from = 0
  for (const part of shown.trimEnd().split(/^ *…\n?/m)) {
    const wanted = part
      .trimEnd()
      .split('\n')
      .map(line => line.trimEnd())
    if (part.trim() === '') continue
    const at = lines.findIndex(
      (_, start) => start >= from && wanted.every((line, i) => lines[start + i] === line)
    )
    if (at === -1) return wanted.find(line => !lines.includes(line, from)) ?? wanted[0]
    from = at + wanted.length
  }
  return undefined
}
