// The tabs, after the WAI-ARIA pattern: arrow keys move among them, and Tab stops at one.
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { PARTS, type Part } from '../address/address.js'
import { goTo } from '../address/use-address.js'
import { useWords } from '../words/words.js'

const STEPS: Readonly<Record<string, (at: number) => number>> = {
  ArrowRight: at => (at + 1) % PARTS.length,
  ArrowLeft: at => (at + PARTS.length - 1) % PARTS.length,
  Home: () => 0,
  End: () => PARTS.length - 1
}

export function Tabs({ part }: { readonly part: Part }): JSX.Element {
  const { page } = useWords()
  const list = useRef<HTMLDivElement>(null)

  function onKeyDown(event: KeyboardEvent): void {
    const step = STEPS[event.key]
    if (!step) return
    event.preventDefault()
    const next = PARTS[step(PARTS.indexOf(part))]
    goTo(next)
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
  }

  return (
    <div class="tabs" role="tablist" aria-label={page.partsLabel} ref={list} onKeyDown={onKeyDown}>
      {PARTS.map(each => (
        <button
          key={each}
          id={`tab-${each}`}
          type="button"
          role="tab"
          aria-selected={each === part}
          aria-controls={`panel-${each}`}
          tabIndex={each === part ? 0 : -1}
          onClick={() => goTo(each)}
        >
          {page.parts[each]}
        </button>
      ))}
    </div>
  )
}
