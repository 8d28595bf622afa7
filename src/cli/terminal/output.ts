// What a command writes: results on stdout, messages and a progress line on stderr. Names of files, classes and modules
// come from anywhere, so whatever could act on a terminal is escaped here.

/** Control characters, line separators, and invisible formatting such as changes of direction. */
const ACTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A name as it may stand in a line: what would act on a terminal is written as its code. */
export function plain(name: string): string {
  return name.replace(ACTING, char => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}

export function print(text: string): void {
  process.stdout.write(`${text.split('\n').map(plain).join('\n')}\n`)
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)
}

/** Whether the progress line is drawn. There is one per process, as there is one stderr. */
let isDrawn = false

/** Draws the progress line at the bottom of the terminal, without a line break. */
export function drawLine(text: string): void {
  process.stderr.write(`\r${plain(text)}\u001b[K`)
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

/** Prints a permanent message on stderr, above the progress line. */
export function say(text: string): void {
  clearLine()
  process.stderr.write(`resnet: ${plain(text)}\n`)
}
