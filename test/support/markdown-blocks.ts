// The code blocks of a Markdown page, and their expected output.

/** A fenced block. */
export interface CodeBlock {
  /** `ts`, `sh`, … */
  readonly language: string
  /** The other words after the fence: `slow`, `no-run`. */
  readonly flags: readonly string[]
  readonly code: string
  /** The `text` block that follows immediately: the expected output. */
  readonly prints: string | undefined
  /** Whether that block is marked `roughly`: only its words hold on every machine, its numbers do not. */
  readonly printsRoughly: boolean
  /** The line number in the page, from 1. */
  readonly line: number
}

/** All fenced blocks of a page except expected outputs. */
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
    const output = i + 1 < found.length && isOutput(i + 1) ? found[i + 1] : undefined
    const printsRoughly = output?.flags.includes('roughly') ?? false
    const line = page.slice(0, start).split('\n').length
    return [{ language, flags, code, prints: output?.code, printsRoughly, line }]
  })
}

/**
 * Compares output with what a page shows: the same consecutive lines, anywhere in the output; a line `…` matches any
 * number of lines.
 * @returns the first line that does not match, or `undefined`.
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

/** A text with its numbers made equal. */
export function withoutNumbers(text: string): string {
  return text.replace(/\d+(?:[.,/]\d+)*/g, '#')
}
