// The network that is drawn, and the one beside it: which they are by the address, and what is known of them.
import type { NetworkOutline } from 'resnet-ts/inspect'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Change } from '../address/use-address.js'
import { askLab, LabError } from '../lab/open-lab.js'
import { BrokenError, describePasted, LIMIT_SECONDS, TooSlowError } from '../lab/pasted.js'
import { useNotify } from '../page/notices.js'
import { useWords, type Words } from '../words/words.js'
import { architectureFields, OWN, TWIN, type ArchitectureFields } from './fields.js'

/** A network's outline, or why there is none. */
interface Outlined {
  readonly outline?: NetworkOutline | undefined
  readonly error?: Error | undefined
  readonly isPending: boolean
}

export interface Networks {
  readonly first: Outlined
  readonly second: Outlined
  readonly names: readonly [string, string]
  readonly own: OwnNetwork
}

/** The user's own network. */
export interface OwnNetwork {
  /** Whether its code came with the URL and has not been confirmed. */
  readonly isForeign: boolean
  readonly isDrawn: boolean
  readonly fault: string | undefined
  draw(code: string): void
}

export function useNetworks(fields: ArchitectureFields, change: Change<ArchitectureFields>): Networks {
  const words = useWords()
  const notify = useNotify()
  const { model, classes, skip, shortcut, compare, code } = fields
  // Only code that the user confirmed in this session runs; each confirmation runs it anew.
  const [allowed, setAllowed] = useState<{ readonly code: string; readonly run: number }>()
  const isOwn = model === OWN
  const isPlain = shortcut === 'off'
  const mayRun = isOwn && allowed !== undefined && (code === undefined || allowed.code === code)

  const ask = (which: string, plain: boolean): (() => Promise<NetworkOutline>) | undefined => {
    if (which === OWN) return mayRun ? () => describePasted(allowed.code, plain) : undefined
    return () => askLab(lab => lab.architecture.describe({ model: which, classes, skip, isPlain: plain }))
  }
  const keyOf = (which: string, plain: boolean): string =>
    JSON.stringify([which, plain, which === OWN ? (mayRun ? allowed.run : '') : [classes, skip]])

  const first = useOutline(keyOf(model, isPlain), ask(model, isPlain))
  const [other, isOtherPlain] = compare === TWIN ? [model, true] : [compare, false]
  const second = useOutline(
    other === undefined ? '' : keyOf(other, isOtherPlain),
    other === undefined ? undefined : ask(other, isOtherPlain)
  )

  const faults = useMemo(
    () => [first, second].map(({ error }) => error && sentenceOf(error, words)),
    [first, second, words]
  )
  useEffect(() => {
    // Faults of the user's code are shown beside it; an unknown model is replaced by the default one.
    if (faults[0] !== undefined && !isOwn) {
      notify(faults[0])
      if (model !== architectureFields.model.initial) change({ model: architectureFields.model.initial })
    }
    if (faults[1] !== undefined && other !== OWN) {
      notify(faults[1])
      change({ compare: undefined })
    }
  }, [faults[0], faults[1]])

  const nameOf = (which: string, plain: boolean): string => {
    const name = which === OWN ? words.architecture.own : which
    return plain ? words.architecture.plainOf(name) : name
  }
  return {
    first,
    second: compare === undefined ? { ...second, outline: undefined } : second,
    names: [nameOf(model, isPlain), nameOf(other ?? '', isOtherPlain)],
    own: {
      isForeign: isOwn && code !== undefined && allowed?.code !== code,
      isDrawn: isOwn && first.outline !== undefined && !first.isPending,
      fault: isOwn ? faults[0] : undefined,
      draw(wanted) {
        const kept = architectureFields.code.read(wanted)
        if (kept === undefined) notify(words.architecture.paste.tooLong)
        setAllowed(before => ({ code: wanted, run: (before?.run ?? 0) + 1 }))
        change({ model: OWN, code: kept, ...(wanted === code ? {} : { open: [], at: undefined }) })
      }
    }
  }
}

/** Requests an outline, if there is one to request, whenever `key` changes; outdated responses are dropped. */
function useOutline(key: string, ask: (() => Promise<NetworkOutline>) | undefined): Outlined {
  const [answer, setAnswer] = useState<Omit<Outlined, 'isPending'> & { readonly key?: string }>({})
  useEffect(() => {
    if (!ask) {
      setAnswer({ key })
      return
    }
    let isWanted = true
    const settle = (next: typeof answer): void => {
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

function sentenceOf(error: Error, { architecture: { paste }, notices }: Words): string {
  if (error instanceof TooSlowError) return paste.tooSlow(LIMIT_SECONDS)
  if (error instanceof BrokenError) return paste.broke(error.message)
  if (error instanceof LabError) return notices.labFailed(error.message)
  return error.message
}
