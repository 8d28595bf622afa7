// Which folders a walk with links followed is in, so that it ends.
import { Fault } from '../base/errors.js'

/** A link leads back to a folder that it is in. */
export class CircleFault extends Fault {}

// Where each of forty folders has two links to the next one, the last is reached in 2³⁹ ways.
const MOST_VISITS = 1000

/** The folders that a walk with links followed is in, and how often it has entered each. */
export class FolderVisits {
  readonly #above = new Set<string>()
  readonly #counts = new Map<string, number>()

  /**
   * @param realPath without links.
   * @throws CircleFault where the walk is in that folder, Fault where it has entered it too often.
   */
  enter(realPath: string): void {
    if (this.#above.has(realPath)) throw new CircleFault('is a link that leads back to a folder it is in')
    const count = (this.#counts.get(realPath) ?? 0) + 1
    if (count > MOST_VISITS)
      throw new Fault(`is a folder to which links lead in more than ${MOST_VISITS} ways`)
    this.#counts.set(realPath, count)
    this.#above.add(realPath)
  }

  leave(realPath: string): void {
    this.#above.delete(realPath)
  }
}
