// A request to the lab and its result. One runs at a time; of those made meanwhile only the newest is sent, so that the
// result is about the latest drawing.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Fault, Outcome } from '../lab/run.js'

/** The result of the newest completed request. */
export interface Asked<R> {
  /** Kept while the next request runs. */
  readonly value: R | undefined
  readonly fault: Fault | undefined
  readonly isBusy: boolean
}

/** Sends a request whenever what it is about changes; without a request there is no value. */
export function useAsked<R>(
  ask: (() => Promise<Outcome<R>>) | undefined,
  about: readonly unknown[]
): Asked<R> {
  const question = useMemo(() => ask, about)
  const [asked, setAsked] = useState<Asked<R>>({ value: undefined, fault: undefined, isBusy: false })
  const newest = useRef(question)
  const isAsking = useRef(false)
  useEffect(() => {
    newest.current = question
    if (question) void pump()
    else setAsked({ value: undefined, fault: undefined, isBusy: false })

    async function pump(): Promise<void> {
      if (isAsking.current) return
      isAsking.current = true
      setAsked(before => ({ ...before, isBusy: true }))
      let current: typeof question
      while (newest.current && newest.current !== current) {
        current = newest.current
        const outcome = await settled(current())
        // A cancelled request is not reported; its replacement follows.
        if (newest.current !== undefined) setAsked(before => ({ ...resultOf(outcome, before), isBusy: true }))
      }
      isAsking.current = false
      setAsked(before => ({ ...before, isBusy: false }))
    }
  }, [question])
  return asked
}

function resultOf<R>({ value, fault }: Outcome<R>, before: Asked<R>): Omit<Asked<R>, 'isBusy'> {
  return fault?.kind === 'cancelled' ? before : { value, fault }
}

/** Never rejects: a crash of the lab becomes a fault like any other. */
export async function settled<R>(answer: Promise<Outcome<R>>): Promise<Outcome<R>> {
  try {
    return await answer
  } catch (error) {
    return {
      fault: { kind: 'unexpected', detail: error instanceof Error ? error.message : String(error) }
    }
  }
}
