// Zoom and pan of a drawing by wheel, pinch and drag (d3-zoom), buttons and keys. The drawing moves without re-rendering.
import { select } from 'd3-selection'
import { zoom, zoomIdentity, type ZoomTransform } from 'd3-zoom'
import type { RefObject } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Layout, PlacedPart } from './layout.js'

const SCALES: [number, number] = [0.08, 4]
const MARGIN = 18
/** The height of the buttons that cover the lower edge. */
const BUTTONS = 56
/** Below this scale text is unreadable: a tall drawing starts at its top instead of fitting. */
const SMALLEST_FIT = 0.75

/** A place in a drawing. */
type Area = Pick<PlacedPart, 'left' | 'top' | 'width' | 'height'>

/** Commands of a drawing. */
export interface Zoom {
  readonly svg: RefObject<SVGSVGElement | null>
  readonly picture: RefObject<SVGGElement | null>
  fit(): void
  by(factor: number): void
  /** Pans so that a part that moved in the drawing keeps its place on the screen. */
  follow(from: number, to: number): void
  /** Pans, if necessary, until a part is in view. */
  show(area: Area): void
}

export function useZoom(layout: Layout): Zoom {
  const svg = useRef<SVGSVGElement>(null)
  const picture = useRef<SVGGElement>(null)
  const bounds = useRef(layout)
  bounds.current = layout
  const isTouched = useRef(false)

  const handle = useMemo(() => {
    let transform: ZoomTransform = zoomIdentity
    // From the observer: reading it from the document would force a layout.
    let size: readonly [width: number, height: number] = [0, 0]
    const behaviour = zoom<SVGSVGElement, unknown>()
      .scaleExtent(SCALES)
      .extent(() => [[0, 0], [...size]])
      .clickDistance(6)
      .on('zoom', event => {
        const moved = event as { readonly transform: ZoomTransform; readonly sourceEvent: Event | null }
        transform = moved.transform
        if (moved.sourceEvent) isTouched.current = true
        picture.current?.setAttribute('transform', transform.toString())
      })
    const move = (next: ZoomTransform): void => {
      if (svg.current) select(svg.current).call(behaviour.transform, next)
    }
    /** What to show once the size is known. */
    let unseen: Area | undefined

    return {
      attach(): () => void {
        const element = svg.current
        if (!element) return () => {}
        select(element).call(behaviour).on('dblclick.zoom', null)
        const observer = new ResizeObserver(([{ contentRect }]) => {
          size = [contentRect.width, contentRect.height]
          if (!isTouched.current) handle.fit()
          if (unseen) handle.show(unseen)
        })
        observer.observe(element)
        return () => {
          observer.disconnect()
          select(element).on('.zoom', null)
        }
      },
      fit(): void {
        const { left, right, height } = bounds.current
        const [width, tall] = size
        if (width === 0 || tall === 0) return
        const wide = (width - 2 * MARGIN) / (right - left)
        const free = tall - BUTTONS
        const high = (free - MARGIN) / height
        const scale = Math.min(1, wide, Math.max(high, Math.min(SMALLEST_FIT, wide)))
        const y = Math.max(MARGIN / 2, (free - scale * height) / 2)
        const x = (width - scale * (right + left)) / 2
        isTouched.current = false
        move(zoomIdentity.translate(x, y).scale(scale))
      },
      by(factor: number): void {
        isTouched.current = true
        if (svg.current) select(svg.current).call(behaviour.scaleBy, factor)
      },
      follow(from: number, to: number): void {
        isTouched.current = true
        move(transform.translate(0, from - to))
      },
      show(area: Area): void {
        const [wide, tall] = size
        unseen = wide === 0 ? area : undefined
        if (unseen) return
        const { left, top, width, height } = area
        const [x0, y0] = transform.apply([left, top])
        const [x1, y1] = transform.apply([left + width, top + height])
        const dx =
          x0 < MARGIN ? MARGIN - x0 : x1 > wide - MARGIN ? Math.max(wide - MARGIN - x1, MARGIN - x0) : 0
        // A hidden part moves to the centre, not to the edge.
        const dy = y0 < MARGIN || y1 > tall - MARGIN ? 0.38 * tall - y0 : 0
        if (dx === 0 && dy === 0) return
        isTouched.current = true
        move(zoomIdentity.translate(transform.x + dx, transform.y + dy).scale(transform.k))
      }
    }
  }, [])

  useEffect(() => handle.attach(), [])
  return useMemo(() => ({ svg, picture, ...handle }), [])
}
