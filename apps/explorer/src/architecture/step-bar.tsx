// Stepping through a network: forward, back, or by itself.
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../page/controls.js'
import { useWords } from '../words/words.js'

interface Props {
  /** The current step, or -1. */
  readonly step: number
  readonly steps: number
  readonly pace: Pace
  readonly onPace: (pace: Pace) => void
  readonly onStep: (step: number) => void
}

/** Whether the dots that stand for data are hidden, move when told to, or by themselves. */
export type Pace = 'still' | 'stepping' | 'playing'

const PAUSE_MS = 1100

export function StepBar({ step, steps, pace, onPace, onStep }: Props): JSX.Element {
  const { architecture } = useWords()
  const { stepping: words } = architecture
  const play = useRef<HTMLButtonElement>(null)
  const [isStepping, isPlaying] = [pace !== 'still', pace === 'playing']
  const isLast = isStepping && step === steps - 1
  useEffect(() => {
    if (!isPlaying) return
    if (isLast) {
      onPace('stepping')
      return
    }
    const timer = setTimeout(() => onStep(step + 1), step < 0 ? 0 : PAUSE_MS)
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
    onPace('stepping')
    onStep(Math.max(0, Math.min(steps - 1, target)))
  }

  return (
    <div class="step-bar row" role="toolbar" aria-label={words.label} onKeyDown={onKeyDown}>
      <Button isOff={!isStepping || step <= 0} onClick={() => onStep(step - 1)}>
        <span aria-hidden="true">←</span> {words.previous}
      </Button>
      <button
        ref={play}
        type="button"
        class="primary"
        onClick={() => {
          if (!isPlaying && isLast) onStep(0)
          onPace(isPlaying ? 'stepping' : 'playing')
        }}
      >
        {isPlaying ? words.pause : words.play}
      </button>
      <Button isOff={isLast} onClick={() => onStep(Math.min(step + 1, steps - 1))}>
        {words.next} <span aria-hidden="true">→</span>
      </Button>
      {isStepping && step >= 0 && (
        <>
          <span class="place tabular">{words.place(step + 1, steps)}</span>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              // This button goes away.
              play.current?.focus()
              onPace('still')
            }}
          >
            {words.stop}
          </button>
        </>
      )}
    </div>
  )
}
