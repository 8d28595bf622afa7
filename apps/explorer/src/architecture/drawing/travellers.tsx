// The dots that stand for data: one on the main path, one on every bypass in use. They move without re-rendering the
// drawing.
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { stepsOf, travelledWays, type Layout } from './layout.js'

interface Props {
  readonly layout: Layout
  /** The current step; `undefined` while not stepping. */
  readonly step: number
}

const DURATION = 650
const REDUCED = window.matchMedia('(prefers-reduced-motion: reduce)')

export function Travellers({ layout, step }: Props): JSX.Element | null {
  const group = useRef<SVGGElement>(null)
  const progress = useRef(step)
  const steps = useMemo(() => stepsOf(layout), [layout])
  const ways = useMemo(() => travelledWays(layout, steps), [layout, steps])
  // A position in another drawing means nothing in this one.
  useMemo(() => (progress.current = step), [layout])

  useEffect(() => {
    const start = progress.current
    const isOneStep = Math.abs(step - start) < 1.5 && start >= 0 && step >= 0
    let frame = 0
    let began: number | undefined
    const draw = (now: number): void => {
      began ??= now
      const share = REDUCED.matches || !isOneStep ? 1 : Math.min(1, (now - began) / DURATION)
      progress.current = start + (step - start) * ease(share)
      if (group.current) place(group.current, progress.current)
      if (share < 1) frame = requestAnimationFrame(draw)
    }
    frame = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(frame)
  }, [layout, step])

  function place(dots: SVGGElement, at: number): void {
    const [main, ...around] = dots.querySelectorAll('circle')
    const [before, after] = [steps[Math.floor(at)], steps[Math.ceil(at)]].map(
      each => each.top + each.height / 2
    )
    main.setAttribute('cy', String(before + (after - before) * (at - Math.floor(at))))
    for (const [number, { from, to }] of ways.entries()) {
      const share = (at - from) / (to - from)
      const dot = around[number]
      dot.toggleAttribute('hidden', share <= 0 || share > 1)
      const line = dot.ownerSVGElement?.querySelector<SVGPathElement>(
        `[data-way="${CSS.escape(ways[number].way.id)}"]`
      )
      if (share <= 0 || share > 1 || !line) continue
      const { x, y } = line.getPointAtLength(share * line.getTotalLength())
      dot.setAttribute('cx', String(x))
      dot.setAttribute('cy', String(y))
    }
  }

  if (step < 0) return null
  return (
    <g class="travellers" ref={group} aria-hidden="true">
      <circle class="flow" r="8" />
      {ways.map(({ way }) => (
        <circle key={way.id} class="skip" r="8" hidden />
      ))}
    </g>
  )
}

function ease(share: number): number {
  return share < 0.5 ? 2 * share * share : 1 - 2 * (1 - share) * (1 - share)
}
