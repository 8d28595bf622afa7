// A question to the lab and what came of it. One is answered at a time; of those that come meanwhile only the newest is
// asked, so that whoever draws quickly is answered about the drawing as it is now.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Fault, Outcome } from '../lab/run.js'

/** What came of the newest question that was answered. */
export interface Asked<R> {
  /** Stays while the next is being found out. */
  readonly value: R | undefined
  readonly fault: Fault | undefined
  readonly isBusy: boolean
}

/** Asks whenever the question is another one. No question, no value. */
export function useAsked<Q extends object, R>(
  question: Q | undefined,
  ask: (question: Q) => Promise<Outcome<R>>
): Asked<R> {
  const [asked, setAsked] = useState<Asked<R>>({ value: undefined, fault: undefined, isBusy: false })
  const newest = useRef<Q | undefined>(undefined)
  const isAsking = useRef(false)
  useEffect(() => {
    newest.current = question
    if (question) void pump()
    else setAsked({ value: undefined, fault: undefined, isBusy: false })

    async function pump(): Promise<void> {
      if (isAsking.current) return
      isAsking.current = true
      setAsked(before => ({ ...before, isBusy: true }))
      let current: Q | undefined
      while (newest.current && newest.current !== current) {
        current = newest.current
        const outcome = await settled(ask(current))
        // What was given up on is not worth a word here; what replaces it comes next.
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

/** An answer in any case: a lab that broke down is a fault like another. */
export async function settled<R>(answer: Promise<Outcome<R>>): Promise<Outcome<R>> {
  try {
    return await answer
  } catch (error) {
    return {
      fault: { kind: 'unexpected', detail: error instanceof Error ? error.message : String(error) }
    }
  }
}
