// The input picture: the user's own, which a URL cannot hold, or the one in the URL.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { askLab } from '../lab/open-lab.js'
import type { Shown } from '../lab/run.js'
import type { Stroke } from '../lab/run-digit.js'
import type { SharedPicture } from './fields.js'

/** The picture, and the functions that change it. */
export interface ShownState {
  /** Nothing where there is no picture yet. */
  readonly shown: Shown | undefined
  /** The strokes; empty if the picture is not a drawing. */
  readonly strokes: readonly Stroke[]
  draw(strokes: readonly Stroke[]): void
  showFile(file: File): void
  showCat(): void
  /** Shows the next of the bundled digits that is this one. */
  showDigit(digit: number): void
}

/** @param picture what the address says, @param share writes it there. */
export function useShown(
  picture: SharedPicture | undefined,
  share: (picture: SharedPicture | undefined) => void
): ShownState {
  const [own, setOwn] = useState<Shown | undefined>()
  const last = useRef(-1)
  // A new URL replaces the user's own picture.
  useEffect(() => {
    if (picture) setOwn(undefined)
  }, [picture])
  const shown = useMemo(() => own ?? shownOf(picture), [own, picture])

  function showOwn(what: Shown | undefined): void {
    setOwn(what)
    share(undefined)
  }

  async function showDigit(digit: number): Promise<void> {
    const labels = await askLab(lab => lab.run.sampleLabels())
    const after = labels.indexOf(digit, last.current + 1)
    last.current = after >= 0 ? after : labels.indexOf(digit)
    setOwn(undefined)
    share(`digit-${last.current}`)
  }

  return {
    shown,
    strokes: shown?.kind === 'strokes' ? shown.strokes : [],
    draw: strokes => showOwn(strokes.length === 0 ? undefined : { kind: 'strokes', strokes }),
    showFile: file => showOwn({ kind: 'file', file }),
    showCat() {
      setOwn(undefined)
      share('cat')
    },
    showDigit: digit => void showDigit(digit)
  }
}

function shownOf(picture: SharedPicture | undefined): Shown | undefined {
  if (picture === undefined) return undefined
  return picture === 'cat'
    ? { kind: 'cat' }
    : { kind: 'digit', index: Number(picture.slice('digit-'.length)) }
}
