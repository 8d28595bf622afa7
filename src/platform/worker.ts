// What both sides of `#platform` agree on about workers: a second thread that answers messages.

/** A worker as its owner sees it. */
export interface WorkerHandle {
  /** Sends a message; the listed buffers move instead of being copied. */
  post(message: unknown, transfer: readonly ArrayBuffer[]): void
  /** Whether the process (where there is one) waits for this worker before it ends. */
  keepAlive(wanted: boolean): void
  /** Ends the thread: it sends nothing more, but may finish what it is computing. */
  terminate(): void
}

/** What a worker's owner listens to. */
export interface WorkerListener {
  /** The worker sent something. */
  message(message: unknown): void
  /** The worker ended by itself; it sends nothing more. */
  failure(fault: string): void
}

/** What a worker answers; the listed buffers move instead of being copied. */
export interface Answer {
  readonly message: unknown
  readonly transfer: readonly ArrayBuffer[]
}
