/** The whole address; in Node it has to be one already. */
export function resolveAddress(address: string | URL): string {
  return String(address)
}

/** Why a request failed, as the end of a sentence: `fetch` says only that it did; why is in the cause. */
export function networkFault(error: unknown, _address: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
