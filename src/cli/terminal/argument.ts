// Names as they are given on a command line.
import { quote } from '../../base/words.js'

/** A name that can be copied into a command line: in quotes where it needs them. */
export function argument(name: string): string {
  return /^[\w./@+-]+$/.test(name) ? name : quote(name)
}
