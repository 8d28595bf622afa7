// A training run: opens a comparison in the lab, runs it step by step, and notifies the page.
import type { Remote } from 'comlink'
import { useEffect, useRef, useState } from 'preact/hooks'
import { askLab } from '../lab/open-lab.js'
import type { TrainSettings } from '../lab/train-settings.js'
import type { Comparison, TrainSession } from '../lab/train.js'
import { afterMeasurement, afterStep, hasEnded, NO_HISTORY, stepsOf, type History } from './history.js'

export type RunStatus = 'ready' | 'preparing' | 'running' | 'pausing' | 'paused' | 'ended' | 'failed'

/** A snapshot of a run. */
export interface RunView {
  readonly status: RunStatus
  readonly history: History
  readonly comparison?: Comparison
  /** Over the last few steps; `undefined` before the second. */
  readonly stepsPerSecond?: number
  readonly failure?: string
}

/** A run before its first step. */
const READY: RunView = { status: 'ready', history: NO_HISTORY }

/** Steps between two measurements of accuracy; the first is after half as many. */
const MEASURE_EVERY = 20
const SPEED_OVER = 8

/** Trains two networks until paused. */
class TrainingRun {
  readonly #tell: (view: RunView) => void
  readonly #settings: TrainSettings
  #view = READY
  #session: Remote<TrainSession> | undefined
  #stepsWanted = 0
  #isClosed = false
  #working: Promise<void> | undefined
  #durations: number[] = []

  /** @param tell is called on every change. */
  constructor(settings: TrainSettings, tell: (view: RunView) => void) {
    this.#settings = settings
    this.#tell = tell
  }

  /** Whether it runs until paused. */
  get isGoing(): boolean {
    return this.#stepsWanted === Infinity
  }

  /** Makes so many steps; by default until paused. */
  go(steps = Infinity): void {
    if (this.#isClosed || this.#view.status === 'ended' || this.#view.status === 'failed') return
    this.#stepsWanted = steps
    this.#show({ status: stepsOf(this.#view.history) === 0 ? 'preparing' : 'running' })
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
    })
  }

  /** Pauses after the current step. */
  pause(): void {
    this.#stepsWanted = 0
    if (this.#working) this.#show({ status: 'pausing' })
  }

  /** A network's weights as a `.safetensors` file. */
  async checkpoint(lane: 0 | 1): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const session = this.#session
    return session && askLab(() => session.checkpoint(lane))
  }

  /** Disposes of it; no more notifications. */
  close(): void {
    this.#isClosed = true
    this.#stepsWanted = 0
    if (this.#session) void this.#session.close().catch(() => {})
  }

  #show(change: Partial<RunView>): void {
    this.#view = { ...this.#view, ...change }
    if (!this.#isClosed) this.#tell(this.#view)
  }

  async #work(): Promise<void> {
    try {
      const session = await this.#open()
      do {
        while (this.#stepsWanted > 0) await this.#makeStep(session)
        if (this.#isClosed) return
        this.#show({ status: hasEnded(this.#view.history) ? 'ended' : 'paused' })
        // The values shown while paused belong to these weights.
        await this.#measure(session)
      } while (this.#stepsWanted > 0)
    } catch (error) {
      this.#stepsWanted = 0
      this.#show({ status: 'failed', failure: error instanceof Error ? error.message : String(error) })
    }
  }

  async #open(): Promise<Remote<TrainSession>> {
    if (this.#session) return this.#session
    const session = await askLab(lab => lab.train.open(this.#settings))
    this.#session = session
    if (this.#isClosed) await session.close()
    else this.#show({ comparison: await askLab(() => session.comparison) })
    return session
  }

  async #makeStep(session: Remote<TrainSession>): Promise<void> {
    this.#stepsWanted--
    const started = performance.now()
    const results = await askLab(() => session.step())
    const isFirst = stepsOf(this.#view.history) === 0
    // The first step waits for the kernels.
    if (!isFirst) this.#durations = [...this.#durations.slice(1 - SPEED_OVER), performance.now() - started]
    const history = afterStep(this.#view.history, results)
    if (hasEnded(history)) this.#stepsWanted = 0
    const total = this.#durations.reduce((sum, each) => sum + each, 0)
    this.#show({
      history,
      status: this.#stepsWanted > 0 ? 'running' : 'pausing',
      ...(total > 0 ? { stepsPerSecond: (1000 * this.#durations.length) / total } : {})
    })
    const steps = stepsOf(history)
    if (this.#stepsWanted > 0 && (steps % MEASURE_EVERY === 0 || steps === MEASURE_EVERY / 2)) {
      await this.#measure(session)
    }
  }

  async #measure(session: Remote<TrainSession>): Promise<void> {
    const { history } = this.#view
    const isKnown = history.every(({ losses, accuracies }) => accuracies.at(-1)?.after === losses.length)
    if (stepsOf(history) === 0 || isKnown) return
    const accuracies = await askLab(() => session.measure())
    this.#show({ history: afterMeasurement(this.#view.history, accuracies) })
  }
}

/** A run, its snapshot, and a function that restarts it. */
export interface CurrentRun {
  readonly view: RunView
  readonly run: () => TrainingRun | undefined
  readonly startOver: () => void
}

/** The run of the current settings. Changed settings replace it by a new run, which starts if this one was running. */
export function useTrainingRun(settings: TrainSettings): CurrentRun {
  const [view, setView] = useState<RunView>(READY)
  const [starts, setStarts] = useState(0)
  const current = useRef<TrainingRun | undefined>(undefined)
  const goesOn = useRef(false)
  useEffect(() => {
    const run = new TrainingRun(settings, setView)
    current.current = run
    setView(READY)
    if (goesOn.current) run.go()
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
