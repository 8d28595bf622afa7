// The part "Run": a network, a picture, the prediction, and its explanation.
import type { JSX } from 'preact'
import { useCallback, useState } from 'preact/hooks'
import { useAddress } from '../address/use-address.js'
import type { Fault } from '../lab/run.js'
import '../style/run.css'
import { useWords } from '../words/words.js'
import { Answers } from './answers.js'
import type { RunFields } from './fields.js'
import { faultDetail, faultMessage, Note } from './fault-note.js'
import { HeatView, type HeatChoice } from './heat-view.js'
import { MapsView } from './maps-view.js'
import { NetworkBar } from './network-bar.js'
import { PicturePanel, type Source } from './picture-panel.js'
import { saveNumbers } from './save-numbers.js'
import { isPicture, useIncomingFiles } from './use-incoming-files.js'
import { useRun, type Run } from './use-run.js'

export function RunPart(): JSX.Element {
  const run = useRun()
  const { fields, change, networkState, shownState, answer, heat, maps, layers } = run
  const { network, opening } = networkState
  const { run: words } = useWords()
  const { part } = useAddress()
  const [chosenSource, setSource] = useState<Source | undefined>()
  const [cameraFault, setCameraFault] = useState<string | undefined>()
  const source = chosenSource ?? (sourceOf(run) || 'draw')

  function showFile(file: File): void {
    setSource('photograph')
    shownState.showFile(file)
  }
  const takeFile = (file: File): void => (isPicture(file) ? showFile(file) : run.loadWeights(file))
  const isOver = useIncomingFiles(part === 'run', useCallback(takeFile, [fields.model]))

  const choice = {
    method: fields.method,
    layer: layers.heat,
    classIndex: fields.class,
    opacity: fields.opacity
  }
  return (
    <div class={`run${isOver ? ' over' : ''}`}>
      <h2 class="spoken">{words.title}</h2>
      <NetworkBar
        models={run.models}
        model={fields.model}
        device={fields.device}
        network={network}
        opening={opening}
        isBusy={answer.isBusy || heat.isBusy || maps.isBusy}
        milliseconds={answer.value?.milliseconds}
        onModel={run.chooseModel}
        onDevice={run.chooseDevice}
        onWeights={file => run.loadWeights(file)}
        onCancel={run.cancel}
      />
      <Notes run={run} cameraFault={cameraFault} onCameraSeen={() => setCameraFault(undefined)} />
      <div class="cards">
        <PicturePanel
          source={source}
          strokes={shownState.strokes}
          readsDigits={network?.readsDigits ?? false}
          answer={answer.value}
          onSource={setSource}
          onStrokes={shownState.draw}
          onDigit={shownState.showDigit}
          onCat={() => {
            setSource('photograph')
            shownState.showCat()
          }}
          onFile={showFile}
          onFault={setCameraFault}
        />
        <Answers
          answer={answer.value}
          chosen={fields.class}
          onChoose={classIndex => change({ class: classIndex })}
          onSave={() => network && answer.value && saveNumbers(network, answer.value)}
        />
        <HeatView
          network={network}
          answer={answer.value}
          heat={heat.value}
          choice={choice}
          onChange={changed => change(fieldsOf(changed))}
        />
        <MapsView
          network={network}
          answer={answer.value}
          maps={maps.value}
          layer={layers.maps}
          onLayer={layer => change({ maps: layer })}
        />
      </div>
      {isOver && <p class="drop-hint">{words.dropHere}</p>}
    </div>
  )
}

/** The default source of pictures: drawing for networks that recognise digits. */
function sourceOf({ networkState: { network }, shownState: { shown } }: Run): Source {
  if (shown?.kind === 'cat' || shown?.kind === 'file') return 'photograph'
  return shown === undefined && network?.readsDigits === false ? 'photograph' : 'draw'
}

/** The settings of the heat map in the URL. */
function fieldsOf(changed: Partial<HeatChoice>): Partial<RunFields> {
  const { method, layer, opacity } = changed
  return {
    ...(method && { method }),
    ...(layer !== undefined && { heat: layer }),
    ...(opacity !== undefined && { opacity }),
    // No class is a valid choice.
    ...('classIndex' in changed && { class: changed.classIndex })
  }
}

interface NotesProps {
  readonly run: Run
  readonly cameraFault: string | undefined
  readonly onCameraSeen: () => void
}

/** Faults and warnings, each until it is dismissed or replaced. */
function Notes({ run, cameraFault, onCameraSeen }: NotesProps): JSX.Element {
  const { networkState, answer, heat, maps } = run
  const { run: words } = useWords()
  const [seen, setSeen] = useState<ReadonlySet<unknown>>(new Set())
  const dismiss = (what: unknown): void => setSeen(before => new Set([...before, what]))
  const faults = [networkState.fault, answer.fault, heat.fault, maps.fault].filter(
    (fault): fault is Fault => fault !== undefined && !seen.has(fault)
  )
  const { network } = networkState
  return (
    <>
      {faults.map((fault, i) => (
        <Note
          key={`${fault.kind} ${i}`}
          tone="fault"
          message={faultMessage(fault, words)}
          detail={faultDetail(fault)}
          onDismiss={() => dismiss(fault)}
        >
          <Remedy run={run} fault={fault} />
        </Note>
      ))}
      {cameraFault !== undefined && <Note tone="fault" message={cameraFault} onDismiss={onCameraSeen} />}
      {network && network.advice.length > 0 && !seen.has(network) && (
        <Note
          tone="advice"
          message={adviceMessages(run, words).join(' ')}
          detail={network.advice.join('\n')}
          onDismiss={() => dismiss(network)}
        />
      )}
    </>
  )
}

/** Remedies of a fault, as buttons. */
function Remedy({ run, fault }: { run: Run; fault: Fault }): JSX.Element | null {
  const { run: words } = useWords()
  const { weights } = run
  if (fault.kind === 'other-model') {
    return (
      <>
        {weights &&
          fault.fits.map(model => (
            <button key={model} type="button" onClick={() => run.loadWeights(weights, model)}>
              {words.openAs(model)}
            </button>
          ))}
      </>
    )
  }
  // Retrying does not help for a file or a layer; another is chosen elsewhere.
  if (fault.kind === 'picture' || fault.kind === 'weights' || fault.kind === 'layer') return null
  return (
    <button type="button" onClick={run.again}>
      {words.again}
    </button>
  )
}

function adviceMessages(
  { fields, networkState: { network } }: Run,
  words: ReturnType<typeof useWords>['run']
): string[] {
  return [
    ...(fields.device === 'webgpu' && network?.device !== 'webgpu' ? [words.noWebGpu] : []),
    ...(network?.device === 'cpu' && !crossOriginIsolated ? [words.oneThread] : [])
  ]
}
