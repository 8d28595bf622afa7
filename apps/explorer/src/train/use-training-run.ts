// The run of the current settings. Changed settings replace it by a new run, which starts if this one was running.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { TrainSettings } from '../lab/train-settings.js'
import { READY, TrainingRun, type RunView } from './training-run.js'

/** A run, its snapshot, and a function that restarts it. */
export interface CurrentRun {
  readonly view: RunView
  readonly run: () => TrainingRun | undefined
  readonly startOver: () => void
}

export function useTrainingRun(settings: TrainSettings): CurrentRun {
  const [view, setView] = useState<RunView>(READY)
  const [starts, setStarts] = useState(0)
  const current = useRef<TrainingRun | undefined>(undefined)
  const goesOn = useRef(false)
  useEffect(() => {
    const run = new TrainingRun(settings, setView)
    current.current = run
    setView(READY)
    if (goesOn.current) run.start()
    return () => {
      goesOn.current = run.isGoing
      run.close()
    }
    // Settings are plain data: equal ones are the same.
  }, [JSON.stringify(settings), starts])
  return {
    view,
    run: () => current.current,
    startOver() {
      current.current?.pause()
      setStarts(count => count + 1)
    }
  }
}
