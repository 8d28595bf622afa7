import { anObject, anyNumber, checkArguments } from '../../base/options.js'
import { formatDuration } from '../../base/figures.js'

export interface ProgressState {
  /** From 1. */
  readonly epoch: number
  readonly epochs: number
  readonly step: number
  readonly steps: number
  readonly loss: number
  /** 0 … 1; NaN if unknown. */
  readonly accuracy: number
  readonly imagesPerSecond: number
  readonly secondsLeft: number
}

const LONGEST_BAR = 24
const SHORTEST_BAR = 6

/** One line of at most `width` columns; the least important parts are dropped first. */
export function progressLine(state: ProgressState, width: number): string {
  checkArguments(
    'progressLine',
    { state, width },
    { state: anObject('the state of a run', 'imagesPerSecond'), width: anyNumber }
  )
  const { epoch, epochs, step, steps, loss, accuracy, imagesPerSecond, secondsLeft } = state
  const share = steps === 0 ? 1 : step / steps
  const head = `epoch ${epoch}/${epochs}`
  const parts = [
    `${Math.floor(100 * share)} %`,
    `loss ${loss.toFixed(4)}`,
    ...(Number.isNaN(accuracy) ? [] : [`acc ${(100 * accuracy).toFixed(1)} %`]),
    `ETA ${formatDuration(secondsLeft)}`,
    `${Math.round(imagesPerSecond)} img/s`
  ]
  while (parts.length > 1 && [head, ...parts].join('  ').length > width) parts.pop()
  const room = width - [head, ...parts].join('  ').length - 2
  const bar = room >= SHORTEST_BAR ? [barOf(share, Math.min(room, LONGEST_BAR))] : []
  return [head, ...bar, ...parts].join('  ').slice(0, Math.max(0, width))
}

function barOf(share: number, width: number): string {
  const done = Math.round(share * width)
  return `${'━'.repeat(done)}${'─'.repeat(width - done)}`
}
