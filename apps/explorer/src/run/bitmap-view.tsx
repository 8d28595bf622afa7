// Pixels from the lab, on a canvas.
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** Pictures with sides of fewer pixels are shown pixel by pixel. */
const SMALL = 64

interface Props {
  readonly bitmap: ImageBitmap
  /** The accessible name; without it the canvas is decoration. */
  readonly label?: string
  /** Whether to show it pixel by pixel; by default if it is small. */
  readonly isCrisp?: boolean
  readonly opacity?: number
}

export function BitmapView(props: Props): JSX.Element {
  const { bitmap, label, isCrisp = bitmap.width < SMALL, opacity = 1 } = props
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
