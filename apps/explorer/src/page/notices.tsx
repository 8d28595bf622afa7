// The notices at the top of the page, each until it is dismissed.
import { createContext, type JSX } from 'preact'
import { useContext } from 'preact/hooks'
import { useWords } from '../words/words.js'

/** Shows a notice; repeated ones are shown once. */
export type Notify = (message: string) => void

export const NotifyContext = createContext<Notify>(() => {})

export function useNotify(): Notify {
  return useContext(NotifyContext)
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
          <button type="button" onClick={() => onDismiss(message)} aria-label={notices.dismiss}>
            ×
          </button>
        </p>
      ))}
    </section>
  )
}
