// The outline of a network, as the lab gives it; while it works, the one before stays.
import type { NetworkOutline } from 'resnet-ts/inspect'
import { useEffect, useState } from 'preact/hooks'

/** What is known of a network. */
export interface Outlined {
  readonly outline: NetworkOutline | undefined
  readonly isPending: boolean
  /** Why there is none. */
  readonly error: Error | undefined
}

/**
 * Asks for an outline whenever `key` changes; an answer that comes too late is dropped.
 * @param ask nothing where there is nothing to ask.
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

/** What was answered last, and to which question. */
interface Answer {
  readonly key: string | undefined
  readonly outline?: NetworkOutline
  readonly error?: Error
}
