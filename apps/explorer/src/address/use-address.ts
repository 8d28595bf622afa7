// The URL as state of the page's components: they render from it, and their changes are written back.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { formatAddress, parseAddress, type Address, type Part, type Scope } from './address.js'
import { readFields, writeFields, type Fields } from './codecs.js'

let current = parseAddress(location.hash)
const listeners = new Set<() => void>()

window.addEventListener('hashchange', () => {
  if (location.hash === formatAddress(current)) return
  current = parseAddress(location.hash, current.queries)
  tell()
})

function tell(): void {
  for (const listener of listeners) listener()
}

function move(next: Address, isStep: boolean): void {
  current = next
  const hash = formatAddress(next)
  if (isStep) history.pushState(undefined, '', hash)
  else history.replaceState(undefined, '', hash)
  tell()
}

export function useAddress(): Address {
  const [address, setAddress] = useState(current)
  useEffect(() => {
    const listener = (): void => setAddress(current)
    listeners.add(listener)
    listener()
    return () => listeners.delete(listener)
  }, [])
  return address
}

/** Shows another part, with an entry in the browser's history. */
export function goTo(part: Part): void {
  if (part !== current.part) move({ part, queries: current.queries }, true)
}

/** Changes values of a scope, and the URL with them. */
export type Change<V> = (changes: Partial<V>) => void

/** The values of a scope, and a function that changes them. */
export function useFields<V extends object>(scope: Scope, fields: Fields<V>): [V, Change<V>] {
  const query = useAddress().queries[scope]
  const values = useMemo(() => readFields(fields, query), [fields, query])
  const change = useMemo(
    (): Change<V> => changes => {
      const now = { ...readFields(fields, current.queries[scope]), ...changes }
      const queries = { ...current.queries, [scope]: writeFields(fields, now) }
      move({ part: current.part, queries }, false)
    },
    [scope, fields]
  )
  return [values, change]
}
