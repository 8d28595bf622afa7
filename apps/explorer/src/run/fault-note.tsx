// Something that went wrong, or is not as one would expect, in plain words; what the library says of it on demand.
import type { ComponentChildren, JSX } from 'preact'
import type { Fault } from '../lab/run.js'
import { useWords, type Words } from '../words/words.js'

interface NoteProps {
  readonly tone: 'fault' | 'advice'
  readonly message: string
  readonly detail?: string | undefined
  readonly onDismiss: () => void
  /** What can be done about it. */
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

/** What the library says of a fault. */
export function faultDetail(fault: Fault): string | undefined {
  return 'detail' in fault ? fault.detail : undefined
}
