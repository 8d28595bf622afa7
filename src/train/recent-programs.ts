// A small LRU cache of loaded programs, each of which holds memory for all activations.
import type { LoadedProgram } from '../runtime/engine.js'

/** Full batches, an epoch's last one, and one with skipped images. */
const KEPT = 3

/**
 * Caches programs; the least recently used one is freed for a new one. Callers run a program before they request the next;
 * as engines answer in order, a program is never freed during its run.
 */
export class RecentPrograms<P extends { readonly program: LoadedProgram }> {
  /** Most recently used last. */
  readonly #made = new Map<string, Promise<P>>()

  /** @param make is called at once, and awaits `room` before loading; a failure is not cached. */
  get(key: string, make: (room: Promise<void>) => Promise<P>): Promise<P> {
    const made = this.#made.get(key) ?? make(this.#makeRoom())
    this.#made.delete(key)
    this.#made.set(key, made)
    made.catch(() => {
      if (this.#made.get(key) === made) this.#made.delete(key)
    })
    return made
  }

  /** Frees programs before another is loaded. */
  async #makeRoom(): Promise<void> {
    const excess = [...this.#made].slice(0, Math.max(0, this.#made.size - KEPT + 1))
    for (const [key] of excess) this.#made.delete(key)
    // If the engine failed, everything is freed; the next load reports it.
    await Promise.allSettled(excess.map(([, made]) => free(made)))
  }

  async dispose(): Promise<void> {
    const all = [...this.#made.values()]
    this.#made.clear()
    await Promise.all(all.map(free))
  }
}

async function free(made: Promise<{ readonly program: LoadedProgram }>): Promise<void> {
  // A failed program holds nothing, and its caller has the error.
  const found = await made.catch(() => undefined)
  await found?.program.dispose()
}
