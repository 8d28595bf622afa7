// How much of a drawing is in the page: a screenful at once, and the rest in frames of its own, as a large network at once
// would keep the page from answering.
import { useEffect, useState } from 'preact/hooks'

/** Parts that are added at a time. */
const AT_ONCE = 16

/**
 * The number of parts to draw, from the first: it grows after each frame until all are there.
 * @param subject what is drawn: another one starts again, while one that unfolds stays whole.
 */
export function useDrawn(subject: object, parts: number): number {
  const [drawn, setDrawn] = useState({ subject, count: AT_ONCE })
  const count = drawn.subject === subject ? drawn.count : AT_ONCE
  useEffect(() => {
    if (count === Infinity) return
    setDrawn({ subject, count: count < parts ? count + AT_ONCE : Infinity })
  }, [subject, count, parts])
  return Math.min(count, parts)
}
