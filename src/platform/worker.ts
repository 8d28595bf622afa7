// Types of workers shared by both sides of `#platform`.

/** The owner's view of a worker. */
export interface WorkerHandle {
  /** Sends a message; the listed buffers are transferred. */
  post(message: unknown, transfer: readonly ArrayBuffer[]): void
  /** Whether the process waits for this worker before it ends. */
  keepAlive(wanted: boolean): void
  /** Ends the thread, which sends nothing more but may finish a computation. */
  terminate(): void
}

/** A worker's events. */
export interface WorkerListener {
  /** The worker sent something. */
  message(message: unknown): void
  /** The worker ended by itself. */
  failure(fault: string): void
}

/** A worker's response; the listed buffers are transferred. */
export interface Answer {
  readonly message: unknown
  readonly transfer: readonly ArrayBuffer[]
}
