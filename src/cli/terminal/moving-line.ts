// The progress line at the bottom of a terminal. There is one per process, as there is one stderr; other messages are
// printed above it.
let isDrawn = false

/** Draws the line without a line break. */
export function drawLine(text: string): void {
  process.stderr.write(`\r${text}\u001b[K`)
  isDrawn = true
}

/** Clears the line, if it is drawn. */
export function clearLine(): void {
  if (isDrawn) process.stderr.write('\r\u001b[K')
  isDrawn = false
}

/** Prints a permanent message on stderr. */
export function say(text: string): void {
  clearLine()
  process.stderr.write(`resnet: ${text}\n`)
}
