// The part "Train": two networks that differ only in their shortcuts train side by side.
import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { useFields } from '../address/use-address.js'
import { Button, saveFile } from '../page/controls.js'
import { useNotify } from '../page/notices.js'
import '../style/train.css'
import { useWords } from '../words/words.js'
import { laneNames, settingsOf, trainFields } from './fields.js'
import { GradientBars } from './gradient-bars.js'
import { hasEnded, stepsOf } from './history.js'
import { LatestValues, LiveSummary } from './latest-values.js'
import { readHistory, sayFact, withoutStop } from './reading.js'
import { TrainSettingsForm } from './train-settings-form.js'
import { TrainCurves } from './train-curves.js'
import { useTrainingRun, type CurrentRun } from './training-run.js'

export function TrainPart(): JSX.Element {
  const [fields, change] = useFields('train', trainFields)
  const { train: words } = useWords()
  const notify = useNotify()
  const settings = settingsOf(fields)
  const current = useTrainingRun(settings)
  const { view, run } = current
  const { history, comparison, failure } = view
  const names = laneNames(settings.shortcuts)
  const facts = useMemo(() => readHistory(history), [history])
  const [saved, setSaved] = useState<string>()

  const lacksGpu = comparison?.lacksGpu === true
  useEffect(() => {
    if (lacksGpu) notify(words.noGpu)
    // Shown once, in the current language.
  }, [lacksGpu])
  useEffect(() => setSaved(undefined), [comparison])

  async function save(lane: 0 | 1): Promise<void> {
    const { depth, shortcuts } = settings
    try {
      const bytes = await run()?.checkpoint(lane)
      if (!bytes) return
      const name = `digits-${depth}-${shortcuts[lane]}-step-${history[lane].losses.length}.safetensors`
      saveFile(name, bytes, 'application/octet-stream')
      setSaved(name)
    } catch (error) {
      notify(
        words.facts.failed(names[lane], withoutStop(error instanceof Error ? error.message : String(error)))
      )
    }
  }

  return (
    <section class="train">
      <header>
        <h2>{words.title}</h2>
        <p>{words.intro}</p>
      </header>
      <TrainSettingsForm fields={fields} change={change} />
      <RunControls {...current} />
      {failure !== undefined && (
        <p class="warning" role="alert">
          {words.failure(withoutStop(failure))}
        </p>
      )}
      <section class="reading" aria-label={words.reading}>
        {facts.map(fact => (
          <p key={`${fact.kind} ${'lane' in fact ? fact.lane : ''}`}>{sayFact(fact, names, words)}</p>
        ))}
      </section>
      <TrainCurves history={history} names={names} heldBack={comparison?.heldBack} />
      <GradientBars layers={comparison?.layers ?? []} history={history} names={names} />
      <LatestValues history={history} names={names} onSave={lane => void save(lane)} />
      {saved !== undefined && (
        <div class="saved" role="status">
          <p>{words.saved(saved)}</p>
          <pre class="sunken">resnet predict digit.png --checkpoint {saved}</pre>
        </div>
      )}
      <LiveSummary view={view} names={names} />
    </section>
  )
}

/** The buttons of a run, and its status. */
function RunControls({ view, run, startOver }: CurrentRun): JSX.Element {
  const { train: words } = useWords()
  const { status, history, stepsPerSecond } = view
  const made = stepsOf(history)
  const isBusy = status === 'running' || status === 'preparing'
  const isOver = status === 'failed' || hasEnded(history)
  const toggle = isBusy ? words.pause : made > 0 ? words.goOn : words.start
  return (
    <div class="run-controls row" role="group" aria-label={words.controls}>
      <Button class="primary" isOff={isOver} onClick={() => (isBusy ? run()?.pause() : run()?.go())}>
        {toggle}
      </Button>
      <Button isOff={isBusy || isOver} onClick={() => run()?.go(1)}>
        {words.step}
      </Button>
      <Button isOff={status === 'ready'} onClick={startOver}>
        {words.reset}
      </Button>
      <p class="run-status row">
        <span>{words.status[status]}</span>
        {made > 0 && <span class="tabular">{words.progress(made, stepsPerSecond)}</span>}
      </p>
    </div>
  )
}
