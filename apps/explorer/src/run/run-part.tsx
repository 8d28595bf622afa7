// The part "Run": a network, a picture, the prediction, and its explanation.
import type { JSX } from 'preact'
import { useCallback, useState } from 'preact/hooks'
import { useAddress } from '../address/use-address.js'
import { saveFile } from '../page/controls.js'
import '../style/run.css'
import { useWords } from '../words/words.js'
import { Answers } from './answers.js'
import { NetworkBar } from './network-bar.js'
import { Notes } from './notes.js'
import { PicturePanel, type Source } from './picture-panel.js'
import { isPicture, useIncomingFiles } from './use-incoming-files.js'
import { useRun, type Run } from './use-run.js'
import { HeatView, MapsView } from './views.js'

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

  /** Downloads the network's whole output, to be compared with that of the command line. */
  function saveNumbers(): void {
    if (!network || !answer.value) return
    const { name, weights, device } = network
    const { top, logits } = answer.value
    const numbers = { model: name, weights, device, top, logits: Array.from(logits) }
    saveFile(`${name}.json`, `${JSON.stringify(numbers, undefined, 2)}\n`, 'application/json')
  }

  return (
    <div class={`run${isOver ? ' over' : ''}`}>
      <h2 class="visually-hidden">{words.title}</h2>
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
          onSave={saveNumbers}
        />
        <HeatView
          network={network}
          answer={answer.value}
          heat={heat.value}
          fields={fields}
          layer={layers.heat}
          onChange={change}
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
