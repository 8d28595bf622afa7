// Faults and warnings in plain words, each with the library's message on demand.
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../lab/run.js'
import { focusContent } from '../page/notices.js'
import { useWords, type Words } from '../words/words.js'
import type { Run } from './use-run.js'

interface NotesProps {
  readonly run: Run
  readonly cameraFault: string | undefined
  readonly onCameraSeen: () => void
}

/** Faults and warnings, each until it is dismissed or replaced. */
export function Notes({ run, cameraFault, onCameraSeen }: NotesProps): JSX.Element {
  const { fields, networkState, answer, heat, maps } = run
  const { run: words } = useWords()
  const [seen, setSeen] = useState<ReadonlySet<unknown>>(new Set())
  const dismiss = (what: unknown): void => setSeen(before => new Set([...before, what]))
  const faults = [networkState.fault, answer.fault, heat.fault, maps.fault].filter(
    (fault): fault is Fault => fault !== undefined && !seen.has(fault)
  )
  const { network } = networkState
  const advice = [
    fields.device === 'webgpu' && network?.device !== 'webgpu' && words.noWebGpu,
    network?.device === 'cpu' && !crossOriginIsolated && words.oneThread
  ]
  return (
    <>
      {faults.map((fault, i) => (
        <Note
          key={`${fault.kind} ${i}`}
          tone="fault"
          message={messageOf(fault, words)}
          detail={'detail' in fault ? fault.detail : undefined}
          onDismiss={() => dismiss(fault)}
        >
          <Remedy run={run} fault={fault} />
        </Note>
      ))}
      {cameraFault !== undefined && <Note tone="fault" message={cameraFault} onDismiss={onCameraSeen} />}
      {network && network.advice.length > 0 && !seen.has(network) && (
        <Note
          tone="advice"
          message={advice.filter(Boolean).join(' ')}
          detail={network.advice.join('\n')}
          onDismiss={() => dismiss(network)}
        />
      )}
    </>
  )
}

function Remedy({ run, fault }: { run: Run; fault: Fault }): JSX.Element | null {
  const { run: words } = useWords()
  const { weights } = run
  if (fault.kind === 'other-model') {
    const buttons =
      weights &&
      fault.fits.map(model => (
        <button key={model} type="button" onClick={() => run.loadWeights(weights, model)}>
          {words.openAs(model)}
        </button>
      ))
    return <>{buttons}</>
  }
  // Retrying does not help for a file or a layer; another is chosen elsewhere.
  if (fault.kind === 'picture' || fault.kind === 'weights' || fault.kind === 'layer') return null
  return (
    <button type="button" onClick={run.again}>
      {words.again}
    </button>
  )
}

interface NoteProps {
  readonly tone: 'fault' | 'advice'
  readonly message: string
  readonly detail?: string | undefined
  readonly onDismiss: () => void
  readonly children?: ComponentChildren
}

function Note({ tone, message, detail, onDismiss, children }: NoteProps): JSX.Element {
  const { run: words } = useWords()
  return (
    <div class={`note ${tone}`} role={tone === 'fault' ? 'alert' : 'status'}>
      <div class="row">
        <p>{message}</p>
        {children}
        <button
          type="button"
          class="quiet"
          aria-label={words.dismiss}
          onClick={() => {
            onDismiss()
            focusContent()
          }}
        >
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
function messageOf(fault: Fault, words: Words['run']): string {
  if (fault.kind === 'other-model')
    return fault.fits.length === 0 ? words.noModel : words.otherModel(fault.model, fault.fits)
  return words.faults[fault.kind]
}
