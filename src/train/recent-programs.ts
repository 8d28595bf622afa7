// Loaded programs of one kind. Each holds memory for all that its batch becomes on the way, so only a few are kept.
import type { LoadedProgram } from '../runtime/engine.js'

/** Full batches, an epoch's last one, and one that lacks images which could not be read. */
const KEPT = 3

/**
 * Makes programs when they are first wanted; the one that was longest not wanted makes room for a new one.
 *
 * Whoever asks for a program runs it before the next one is asked for. Engines answer in order, so that even a run still
 * under way ends before its program is freed.
 */
export class RecentPrograms<P extends { readonly program: LoadedProgram }> {
  /** The one wanted last stands last. */
  readonly #made = new Map<string, Promise<P>>()

  /**
   * @param make is called at once, and loads its program when there is room for it.
   * @throws what `make` throws; it is then asked again the next time.
   */
  get(key: string, make: (room: Promise<void>) => Promise<P>): Promise<P> {
    const made = this.#made.get(key) ?? make(this.#makeRoom())
    this.#made.delete(key)
    this.#made.set(key, made)
    made.catch(() => {
      if (this.#made.get(key) === made) this.#made.delete(key)
    })
    return made
  }

  /** Before a program is loaded, so that there is never one more. */
  async #makeRoom(): Promise<void> {
    const excess = [...this.#made].slice(0, Math.max(0, this.#made.size - KEPT + 1))
    for (const [key] of excess) this.#made.delete(key)
    // An engine that broke down has freed everything; whoever loads next hears of it.
    await Promise.allSettled(excess.map(([, made]) => free(made)))
  }

  /** Frees all programs. */
  async dispose(): Promise<void> {
    const all = [...this.#made.values()]
    this.#made.clear()
    await Promise.all(all.map(free))
  }
}

async function free(made: Promise<{ readonly program: LoadedProgram }>): Promise<void> {
  // What could not be made holds nothing; who asked for it has heard.
  const found = await made.catch(() => undefined)
  await found?.program.dispose()
}
