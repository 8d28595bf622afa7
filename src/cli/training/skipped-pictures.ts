// The pictures that could not be read: each is named once, however many epochs meet it, and counted in the end.
import { counted } from '../../base/figures.js'
import { say } from '../moving-line.js'

/** Collects them; `onSkip` is what a loader calls. */
export class SkippedPictures {
  readonly #files = new Set<string>()

  readonly onSkip = (file: string, fault: string): void => {
    if (this.#files.has(file)) return
    this.#files.add(file)
    say(`skipped ${file}: ${fault}`)
  }

  /** Says how many there were, if there were any. */
  sumUp(): void {
    if (this.#files.size > 0) say(`skipped ${counted(this.#files.size, 'image', 'images')} in all`)
  }
}
