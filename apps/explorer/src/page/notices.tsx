// The notices at the top of the page, each until it is dismissed.
import { createContext, type JSX } from 'preact'
import { useContext } from 'preact/hooks'
import { useWords } from '../words/words.js'

/** Shows a notice; repeated ones are shown once. */
export const NotifyContext = createContext<(message: string) => void>(() => {})

export function useNotify(): (message: string) => void {
  return useContext(NotifyContext)
}

/** Focuses the content: what was focused goes away. */
export function focusContent(): void {
  document.getElementById('content')?.focus({ preventScroll: true })
}

interface Props {
  readonly messages: readonly string[]
  readonly onDismiss: (message: string) => void
}

export function NoticeList({ messages, onDismiss }: Props): JSX.Element {
  const { notices } = useWords()
  return (
    <section class="notices" role="status" aria-label={notices.label}>
      {messages.map(message => (
        <p key={message} class="notice row">
          <span>{message}</span>
          <button
            type="button"
            aria-label={notices.dismiss}
            onClick={() => {
              onDismiss(message)
              focusContent()
            }}
          >
            ×
          </button>
        </p>
      ))}
    </section>
  )
}
