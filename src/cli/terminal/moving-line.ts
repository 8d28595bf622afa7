// The line at the bottom of a terminal that is drawn over and over. A process has one stderr, and so one such line:
// whatever else is said there takes its place, and it is drawn again below.
let isDrawn = false

/** Draws the line; nothing follows it until it is drawn again or cleared. */
export function drawLine(text: string): void {
  process.stderr.write(`\r${text}\u001b[K`)
  isDrawn = true
}

/** Makes room for what stays, if the line is there. */
export function clearLine(): void {
  if (isDrawn) process.stderr.write('\r\u001b[K')
  isDrawn = false
}

/** Says something on stderr that stays. */
export function say(text: string): void {
  clearLine()
  process.stderr.write(`resnet: ${text}\n`)
}
