// The outline of a network, as the lab gives it; while it works, the one before stays.
import type { NetworkOutline } from 'resnet-ts/inspect'
import { useEffect, useState } from 'preact/hooks'

/** A network's outline and its state. */
export interface Outlined {
  readonly outline: NetworkOutline | undefined
  readonly isPending: boolean
  /** Why there is no outline. */
  readonly error: Error | undefined
}

/**
 * Requests an outline whenever `key` changes; outdated responses are dropped.
 * @param ask `undefined` if there is nothing to request.
 */
export function useOutline(key: string, ask: (() => Promise<NetworkOutline>) | undefined): Outlined {
  const [answer, setAnswer] = useState<Answer>({ key: undefined })
  useEffect(() => {
    if (!ask) {
      setAnswer({ key })
      return
    }
    let isWanted = true
    const settle = (next: Answer): void => {
      if (isWanted) setAnswer(next)
    }
    ask().then(
      outline => settle({ key, outline }),
      (cause: unknown) => settle({ key, error: cause instanceof Error ? cause : new Error(String(cause)) })
    )
    return () => {
      isWanted = false
    }
  }, [key])
  const isPending = answer.key !== key && ask !== undefined
  return { outline: answer.outline, isPending, error: isPending ? undefined : answer.error }
}

/** The last response, and the key it belongs to. */
interface Answer {
  readonly key: string | undefined
  readonly outline?: NetworkOutline
  readonly error?: Error
}
