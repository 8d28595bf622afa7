// A fault or a warning in plain words, with the library's message on demand.
import type { ComponentChildren, JSX } from 'preact'
import type { Fault } from '../lab/run.js'
import { useWords, type Words } from '../words/words.js'

interface NoteProps {
  readonly tone: 'fault' | 'advice'
  readonly message: string
  readonly detail?: string | undefined
  readonly onDismiss: () => void
  /** Remedies. */
  readonly children?: ComponentChildren
}

export function Note({ tone, message, detail, onDismiss, children }: NoteProps): JSX.Element {
  const { run: words } = useWords()
  return (
    <div class={`note ${tone}`} role={tone === 'fault' ? 'alert' : 'status'}>
      <div class="row">
        <p>{message}</p>
        {children}
        <button type="button" class="quiet" aria-label={words.dismiss} onClick={onDismiss}>
          ×
        </button>
      </div>
      {detail !== undefined && detail !== '' && (
        <details>
          <summary>{words.details}</summary>
          <pre tabIndex={0}>{detail}</pre>
        </details>
      )}
    </div>
  )
}

/** A fault in the page's words. */
export function faultMessage(fault: Fault, words: Words['run']): string {
  if (fault.kind === 'other-model')
    return fault.fits.length === 0 ? words.noModel : words.otherModel(fault.model, fault.fits)
  return words.faults[fault.kind]
}

/** The library's message. */
export function faultDetail(fault: Fault): string | undefined {
  return 'detail' in fault ? fault.detail : undefined
}
