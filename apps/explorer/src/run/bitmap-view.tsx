// Pixels from the lab, on a canvas.
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

interface Props {
  readonly bitmap: ImageBitmap
  /** The accessible name; without it the canvas is decoration. */
  readonly label?: string
  /** Do not smooth, for small pictures and for maps. */
  readonly isCrisp?: boolean
  readonly opacity?: number
}

export function BitmapView({ bitmap, label, isCrisp = false, opacity = 1 }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!canvas.current || !context) return
    canvas.current.width = bitmap.width
    canvas.current.height = bitmap.height
    context.drawImage(bitmap, 0, 0)
  }, [bitmap])
  const described =
    label === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': label }
  return (
    <canvas ref={canvas} class={isCrisp ? 'bitmap crisp' : 'bitmap'} style={{ opacity }} {...described} />
  )
}
