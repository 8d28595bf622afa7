// Loaded programs of one kind. Each holds memory for all its activations, so only a few are kept.
import type { LoadedProgram } from '../runtime/engine.js'

/** Full batches, an epoch's last one, and one without the images that could not be read. */
const KEPT = 3

/**
 * Makes programs on first use; the least recently used one is freed to make room for a new one.
 *
 * Callers run a program before they ask for the next. Engines answer in order, so even a run in progress ends before its
 * program is freed.
 */
export class RecentPrograms<P extends { readonly program: LoadedProgram }> {
  /** Most recently used last. */
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

  /** Called before a program is loaded, so that there is never one too many. */
  async #makeRoom(): Promise<void> {
    const excess = [...this.#made].slice(0, Math.max(0, this.#made.size - KEPT + 1))
    for (const [key] of excess) this.#made.delete(key)
    // If the engine broke down, everything is freed already, and the next load reports it.
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
  // A program that failed to load holds nothing, and its caller has the error.
  const found = await made.catch(() => undefined)
  await found?.program.dispose()
}
