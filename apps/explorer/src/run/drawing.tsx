// A canvas to draw on with mouse, finger or pen. A stroke belongs to the drawing from its first point on.
import type { JSX, TargetedPointerEvent } from 'preact'
import { useRef } from 'preact/hooks'
import { PAPER, type Stroke } from '../lab/run-digit.js'
import { useWords } from '../words/words.js'

interface Props {
  readonly strokes: readonly Stroke[]
  readonly onChange: (strokes: readonly Stroke[]) => void
  /** The hint on an empty canvas. */
  readonly hint: string
}

export function Drawing({ strokes, onChange, hint }: Props): JSX.Element {
  const { run: words } = useWords()
  // Several moves may come before the next render.
  const drawn = useRef(strokes)
  drawn.current = strokes
  const pen = useRef<number | undefined>(undefined)

  function put(next: readonly Stroke[]): void {
    drawn.current = next
    onChange(next)
  }

  function begin(event: TargetedPointerEvent<SVGSVGElement>): void {
    if (pen.current !== undefined || event.button !== 0) return
    pen.current = event.pointerId
    event.currentTarget.setPointerCapture(event.pointerId)
    put([...drawn.current, placeOf(event, event.currentTarget)])
  }

  function go(event: TargetedPointerEvent<SVGSVGElement>): void {
    if (pen.current !== event.pointerId) return
    const paper = event.currentTarget
    const moves = event.getCoalescedEvents()
    const places = (moves.length > 0 ? moves : [event]).flatMap(move => placeOf(move, paper))
    const last = drawn.current.at(-1) ?? []
    put([...drawn.current.slice(0, -1), [...last, ...places]])
  }

  function end(event: TargetedPointerEvent<SVGSVGElement>): void {
    if (pen.current === event.pointerId) pen.current = undefined
  }

  return (
    <svg
      class="paper"
      viewBox={`0 0 ${PAPER} ${PAPER}`}
      role="img"
      aria-label={words.paper}
      onPointerDown={begin}
      onPointerMove={go}
      onPointerUp={end}
      onPointerCancel={end}
    >
      {strokes.length === 0 && (
        <text x={PAPER / 2} y={PAPER / 2} text-anchor="middle" dominant-baseline="middle">
          {hint}
        </text>
      )}
      {strokes.map((stroke, i) => (
        <path key={i} d={pathOf(stroke)} />
      ))}
    </svg>
  )
}

function placeOf({ clientX, clientY }: MouseEvent, paper: Element): Stroke {
  const { left, top, width, height } = paper.getBoundingClientRect()
  return [((clientX - left) / width) * PAPER, ((clientY - top) / height) * PAPER]
}

function pathOf(stroke: Stroke): string {
  const points = Array.from({ length: stroke.length / 2 }, (_, i) => `${stroke[2 * i]} ${stroke[2 * i + 1]}`)
  // A stroke of one point is a dot.
  return `M${[...points.slice(0, 1), ...points].join('L')}`
}
