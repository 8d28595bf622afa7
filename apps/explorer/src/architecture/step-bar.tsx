// Stepping through a network: forward, back, or by itself.
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { useWords } from '../words/words.js'

interface Props {
  /** The current step, or -1. */
  readonly step: number
  /** Whether the dots that stand for data are shown. */
  readonly isStepping: boolean
  readonly steps: number
  readonly isPlaying: boolean
  readonly onStep: (step: number) => void
  readonly onPlay: (isPlaying: boolean) => void
  readonly onStop: () => void
}

const PACE = 1100

export function StepBar({ step, isStepping, steps, isPlaying, onStep, onPlay, onStop }: Props): JSX.Element {
  const { architecture } = useWords()
  const { stepping: words } = architecture
  const isLast = isStepping && step === steps - 1
  useEffect(() => {
    if (!isPlaying) return
    if (isLast) {
      onPlay(false)
      return
    }
    const timer = setTimeout(() => onStep(step + 1), step < 0 ? 0 : PACE)
    return () => clearTimeout(timer)
  }, [isPlaying, step, isLast])

  function onKeyDown(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: step + 1,
      ArrowDown: step + 1,
      ArrowLeft: step - 1,
      ArrowUp: step - 1,
      Home: 0,
      End: steps - 1
    }
    const target = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined
    if (target === undefined) return
    event.preventDefault()
    onPlay(false)
    onStep(Math.max(0, Math.min(steps - 1, target)))
  }

  return (
    <div class="step-bar row" role="toolbar" aria-label={words.label} onKeyDown={onKeyDown}>
      <button type="button" disabled={!isStepping || step <= 0} onClick={() => onStep(step - 1)}>
        <span aria-hidden="true">←</span> {words.previous}
      </button>
      <button
        type="button"
        class="primary"
        onClick={() => {
          if (!isPlaying && isLast) onStep(0)
          onPlay(!isPlaying)
        }}
      >
        {isPlaying ? words.pause : words.play}
      </button>
      <button type="button" disabled={isLast} onClick={() => onStep(Math.min(step + 1, steps - 1))}>
        {words.next} <span aria-hidden="true">→</span>
      </button>
      {isStepping && step >= 0 && (
        <>
          <span class="place tabular">{words.place(step + 1, steps)}</span>
          <button type="button" class="quiet" onClick={onStop}>
            {words.stop}
          </button>
        </>
      )}
    </div>
  )
}
