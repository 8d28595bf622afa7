// What a command writes: results on stdout, messages and a progress line on stderr. Names of files, classes, tensors and
// modules come from anywhere, so every line passes through `printable` here, and colours are added after it.
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { styleText } from 'node:util'
import { formatBytes } from '../../base/figures.js'
import { printable, printableJson } from '../../base/words.js'

/** A part of a line with a style, which is left out where the terminal has no colours. */
export interface Styled {
  readonly text: string
  readonly style: Style
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta' | 'blue'

/** One line: a text, or parts of which some have a style. A line break in it is escaped. */
export type Line = string | readonly (string | Styled)[]

export const styled = (style: Style, text: string): Styled => ({ text, style })

/** A line as it is written: escaped, with colours if the stream shows them (`NO_COLOR` and `FORCE_COLOR` are kept). */
function written(line: Line, stream: NodeJS.WriteStream): string {
  if (typeof line === 'string') return printable(line)
  return line
    .map(part =>
      typeof part === 'string' ? printable(part) : styleText(part.style, printable(part.text), { stream })
    )
    .join('')
}

/** Prints lines of the result. */
export function print(...lines: readonly Line[]): void {
  process.stdout.write(lines.map(line => `${written(line, process.stdout)}\n`).join(''))
}

/** The columns of the terminal; a file or a pipe has any. */
export function terminalWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns || 80 : undefined
}

/** Writes a text that is escaped already, such as JSON, and waits while the reader is slower than this process. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Prints a text of several lines, whose names are escaped already, such as a table or a printed network. */
export function printText(text: string): void {
  print(...text.split('\n'))
}

/** @param indent 2, or 0 for figures that indentation would not make readable. */
export function printJson(value: unknown, indent = 2): void {
  process.stdout.write(`${printableJson(value, indent)}\n`)
}

/** Whether the progress line is drawn. There is one per process, as there is one stderr. */
let isDrawn = false

/** Draws the progress line at the bottom of the terminal, without a line break. */
export function drawLine(text: string): void {
  process.stderr.write(`\r${printable(text)}\u001b[K`)
  isDrawn = true
}

/** Draws a progress line as often as one can be read, on terminals and not beside JSON. */
export function progressDrawer(json = false): (line: () => string) => void {
  const isShown = process.stderr.isTTY && !json
  let drawn = 0
  return line => {
    const now = performance.now()
    if (!isShown || now - drawn < 100) return
    drawn = now
    drawLine(line())
  }
}

/** Clears the progress line, if it is drawn. */
export function clearLine(): void {
  if (isDrawn) process.stderr.write('\r\u001b[K')
  isDrawn = false
}

/** Prints permanent lines on stderr, above the progress line. */
export function note(...lines: readonly Line[]): void {
  clearLine()
  process.stderr.write(lines.map(line => `${written(line, process.stderr)}\n`).join(''))
}

/** The one line of success of a command that writes: where it is, how large if it is a file, and what is in it. */
export async function sayWritten(path: string, what: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  const size = found?.isFile() ? ` (${formatBytes(found.size)})` : ''
  print([styled('green', path), `${size}: ${what}`])
}

/** Prints a permanent message on stderr. */
export function say(text: string): void {
  note([styled('dim', 'resnet:'), ` ${text}`])
}
