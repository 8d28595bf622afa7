// Announcements of a run for screen readers: at once when its status changes, otherwise at intervals.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Pair } from '../lab/train.js'
import { useWords } from '../words/words.js'
import { lossText, shareText } from './figures.js'
import { currentLoss, stepsOf } from './history.js'
import type { RunView } from './training-run.js'

/** Milliseconds between two announcements of a running training. */
const GENTLE = 10_000

interface Props {
  readonly view: RunView
  readonly names: Pair<string>
}

export function LiveSummary({ view, names }: Props): JSX.Element {
  const { train: words } = useWords()
  const { status, history } = view
  const latest = useRef('')
  const made = stepsOf(history)
  const lanes = history.map((lane, at) => {
    const accuracy = lane.accuracies.at(-1)?.value
    return words.summary(
      names[at],
      lossText(currentLoss(lane)),
      accuracy === undefined ? words.unknown : shareText(accuracy)
    )
  })
  latest.current = [
    words.status[status],
    ...(made > 0 ? [words.progress(made, undefined), ...lanes] : [])
  ].join(' ')
  const [said, setSaid] = useState('')
  useEffect(() => {
    setSaid(latest.current)
    if (status !== 'running') return undefined
    const timer = setInterval(() => setSaid(latest.current), GENTLE)
    return () => clearInterval(timer)
  }, [status, words])
  return (
    <p class="visually-hidden" role="status">
      {said}
    </p>
  )
}
