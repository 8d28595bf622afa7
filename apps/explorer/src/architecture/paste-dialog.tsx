// The dialog for the user's own network. Code that came with the URL is shown here, and runs only when confirmed.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useWords } from '../words/words.js'
import { EXAMPLE } from './example-code.js'

interface Props {
  readonly isOpen: boolean
  readonly code: string | undefined
  /** Whether the code came with the URL and has not been confirmed. */
  readonly isForeign: boolean
  readonly isPending: boolean
  readonly fault: string | undefined
  readonly onDraw: (code: string) => void
  readonly onClose: () => void
}

export function PasteDialog({
  isOpen,
  code,
  isForeign,
  isPending,
  fault,
  onDraw,
  onClose
}: Props): JSX.Element {
  const { architecture } = useWords()
  const { paste: words } = architecture
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState(code ?? EXAMPLE)
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal()
    if (!isOpen) dialog.current?.close()
  }, [isOpen])
  useEffect(() => {
    if (code !== undefined) setText(code)
  }, [code])

  return (
    <dialog ref={dialog} class="paste" onClose={onClose} aria-labelledby="paste-title">
      <form
        onSubmit={event => {
          event.preventDefault()
          onDraw(text)
        }}
      >
        <h2 id="paste-title">{words.title}</h2>
        <p>{words.explain}</p>
        {isForeign && (
          <p class="warning" role="note">
            {words.fromAddress}
          </p>
        )}
        <textarea
          aria-label={words.code}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
        <p class="fault" role="alert">
          {fault}
        </p>
        <div class="actions">
          <button type="button" onClick={onClose}>
            {words.close}
          </button>
          <button type="submit" class="primary" disabled={isPending}>
            {isPending ? words.drawing : words.draw}
          </button>
        </div>
      </form>
    </dialog>
  )
}
