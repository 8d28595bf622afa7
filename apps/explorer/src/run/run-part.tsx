// The part "Run": a network, a picture, the prediction, and its explanation.
import type { JSX } from 'preact'
import { useCallback, useState } from 'preact/hooks'
import { useAddress } from '../address/use-address.js'
import '../style/run.css'
import { useWords } from '../words/words.js'
import { Answers } from './answers.js'
import { NetworkBar } from './network-bar.js'
import { Notes } from './notes.js'
import { PicturePanel, type Source } from './picture-panel.js'
import { useIncomingFiles } from './use-incoming-files.js'
import { useRun, type Run } from './use-run.js'
import { HeatView, MapsView } from './views.js'

export function RunPart(): JSX.Element {
  const run = useRun()
  const { run: words } = useWords()
  const { part } = useAddress()
  const [source, setSource] = useState<Source | undefined>()
  const [cameraFault, setCameraFault] = useState<string | undefined>()

  function showFile(file: File): void {
    setSource('photograph')
    run.shownState.showFile(file)
  }
  // Whatever is no picture is read as weights.
  const takeFile = (file: File): void =>
    file.type.startsWith('image/') ? showFile(file) : run.loadWeights(file)
  const isOver = useIncomingFiles(part === 'run', useCallback(takeFile, [run.fields.model]))

  return (
    <div class={`run${isOver ? ' over' : ''}`}>
      <h2 class="visually-hidden">{words.title}</h2>
      <NetworkBar run={run} />
      <Notes run={run} cameraFault={cameraFault} onCameraSeen={() => setCameraFault(undefined)} />
      <div class="cards">
        <PicturePanel
          run={run}
          source={source ?? sourceOf(run)}
          onSource={setSource}
          onFile={showFile}
          onFault={setCameraFault}
        />
        <Answers run={run} />
        <HeatView run={run} />
        <MapsView run={run} />
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
