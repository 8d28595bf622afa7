// The frame of the page: header, tabs, notices. A part that was shown once stays mounted, hidden.
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { pageFields, PARTS, type Address, type Part } from '../address/address.js'
import { ignoredIn } from '../address/codecs.js'
import { goTo, useAddress, useFields } from '../address/use-address.js'
import { architectureFields } from '../architecture/fields.js'
import { ArchitecturePart } from '../architecture/architecture-part.js'
import { runFields } from '../run/fields.js'
import { RunPart } from '../run/run-part.js'
import { trainFields } from '../train/fields.js'
import { TrainPart } from '../train/train-part.js'
import { browserLanguage, useWords, WORDS, WordsContext, type Words } from '../words/words.js'
import { focusContent, NoticeList, NotifyContext } from './notices.js'

const SYSTEM = window.matchMedia('(prefers-color-scheme: dark)')

/** What each part shows, and its values in the URL. */
const CONTENT = {
  architecture: { Shown: ArchitecturePart, fields: architectureFields },
  run: { Shown: RunPart, fields: runFields },
  train: { Shown: TrainPart, fields: trainFields }
}

export function Page(): JSX.Element {
  const address = useAddress()
  const [{ lang = browserLanguage(), theme }, change] = useFields('page', pageFields)
  const words = WORDS[lang]
  const isDark = useColours(theme)
  const [messages, setMessages] = useState<readonly string[]>([])
  const notify = useMemo(
    () => (message: string) =>
      setMessages(shown => (shown.includes(message) ? shown : [...shown.slice(-2), message])),
    []
  )
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en'
    document.title = `${words.page.parts[address.part]} · ${words.page.title}`
  }, [lang, words, address.part])
  useEffect(() => {
    for (const message of faultsOf(address, words)) notify(message)
    // Invalid values in the URL are reported once, in the current language.
  }, [address])
  const visited = useRef(new Set<Part>())
  visited.current.add(address.part)
  const { page } = words

  return (
    <WordsContext.Provider value={words}>
      <NotifyContext.Provider value={notify}>
        <a
          class="skip-link"
          href="#content"
          onClick={event => {
            // The URL fragment holds the page's state, so the link must not change it.
            event.preventDefault()
            focusContent()
          }}
        >
          {page.skipLink}
        </a>
        <header class="masthead row">
          <h1 class="row">
            <Mark />
            resnet-ts
          </h1>
          <Tabs part={address.part} />
          <div class="settings quiet">
            <button
              type="button"
              lang={lang === 'zh' ? 'en' : 'zh-Hans'}
              title={page.switchLanguageLabel}
              onClick={() => change({ lang: lang === 'zh' ? 'en' : 'zh' })}
            >
              {page.switchLanguage}
            </button>
            <button
              type="button"
              title={isDark ? page.toLightLabel : page.toDarkLabel}
              onClick={() => change({ theme: isDark ? 'light' : 'dark' })}
            >
              {isDark ? page.toLight : page.toDark}
            </button>
          </div>
        </header>
        <main id="content" class="column" tabIndex={-1}>
          <NoticeList
            messages={messages}
            onDismiss={message => setMessages(shown => shown.filter(each => each !== message))}
          />
          {PARTS.map(each => {
            const { Shown } = CONTENT[each]
            return (
              <div
                key={each}
                class="panel column"
                id={`panel-${each}`}
                role="tabpanel"
                aria-labelledby={`tab-${each}`}
                hidden={each !== address.part}
              >
                {visited.current.has(each) && <Shown />}
              </div>
            )
          })}
        </main>
      </NotifyContext.Provider>
    </WordsContext.Provider>
  )
}

/** Sets the colour scheme; returns whether it is dark. */
function useColours(chosen: 'light' | 'dark' | undefined): boolean {
  const [isSystemDark, setSystemDark] = useState(SYSTEM.matches)
  useEffect(() => {
    const listener = (): void => setSystemDark(SYSTEM.matches)
    SYSTEM.addEventListener('change', listener)
    return () => SYSTEM.removeEventListener('change', listener)
  }, [])
  useEffect(() => {
    if (chosen) document.documentElement.dataset.theme = chosen
    else delete document.documentElement.dataset.theme
  }, [chosen])
  return chosen === undefined ? isSystemDark : chosen === 'dark'
}

/** How keys move among the tabs. */
const STEPS: Readonly<Record<string, (at: number) => number>> = {
  ArrowRight: at => (at + 1) % PARTS.length,
  ArrowLeft: at => (at + PARTS.length - 1) % PARTS.length,
  Home: () => 0,
  End: () => PARTS.length - 1
}

/** After the WAI-ARIA pattern: arrow keys move among the tabs, and Tab stops at one. */
function Tabs({ part }: { readonly part: Part }): JSX.Element {
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
    <div class="tabs quiet" role="tablist" aria-label={page.partsLabel} ref={list} onKeyDown={onKeyDown}>
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

/** A line and the shortcut around a part of it. */
function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path class="flow" d="M11 3v26" />
      <path class="skip" d="M11 6c20 0 20 20 3 20" />
    </svg>
  )
}

function faultsOf({ part, queries, unknownPart }: Address, { notices }: Words): string[] {
  const ignored = [...ignoredIn(pageFields, queries.page), ...ignoredIn(CONTENT[part].fields, queries[part])]
  return [
    ...(unknownPart === undefined ? [] : [notices.unknownPart(unknownPart)]),
    ...ignored.map(({ name, text }) => notices.ignored(name, text))
  ]
}
