// The buttons of a run, and its status.
import type { JSX } from 'preact'
import { useWords } from '../words/words.js'
import { hasEnded, stepsOf } from './history.js'
import type { CurrentRun } from './training-run.js'

export function RunControls({ view, run, startOver }: CurrentRun): JSX.Element {
  const { train: words } = useWords()
  const { status, history, stepsPerSecond } = view
  const made = stepsOf(history)
  const isBusy = status === 'running' || status === 'preparing'
  const isOver = status === 'failed' || hasEnded(history)
  const toggle = isBusy ? words.pause : made > 0 ? words.goOn : words.start
  return (
    <div class="run-controls" role="group" aria-label={words.controls}>
      <button
        type="button"
        class="primary"
        disabled={isOver}
        onClick={() => (isBusy ? run()?.pause() : run()?.start())}
      >
        {toggle}
      </button>
      <button type="button" disabled={isBusy || isOver} onClick={() => run()?.step()}>
        {words.step}
      </button>
      <button type="button" disabled={status === 'ready'} onClick={startOver}>
        {words.reset}
      </button>
      <p class="run-status">
        <span>{words.status[status]}</span>
        {made > 0 && <span class="run-progress">{words.progress(made, stepsPerSecond)}</span>}
      </p>
    </div>
  )
}
