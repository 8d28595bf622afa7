// The input picture: drawn, from a file, from the camera, or bundled with the page.
import type { JSX } from 'preact'
import type { Answer } from '../lab/run.js'
import type { Stroke } from '../lab/run-digit.js'
import { FileButton } from '../page/controls.js'
import { useWords } from '../words/words.js'
import { BitmapView } from './bitmap-view.js'
import { Camera } from './camera.js'
import { Drawing } from './drawing.js'

/** Sources of pictures. */
export const SOURCES = ['draw', 'photograph', 'camera'] as const
/** A source of pictures. */
export type Source = (typeof SOURCES)[number]

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit)

interface Props {
  readonly source: Source
  readonly strokes: readonly Stroke[]
  readonly readsDigits: boolean
  readonly answer: Answer | undefined
  readonly onSource: (source: Source) => void
  readonly onStrokes: (strokes: readonly Stroke[]) => void
  readonly onDigit: (digit: number) => void
  readonly onCat: () => void
  readonly onFile: (file: File) => void
  readonly onFault: (message: string) => void
}

export function PicturePanel(props: Props): JSX.Element {
  const { source, onSource } = props
  const { run: words } = useWords()
  return (
    <section class="card" aria-labelledby="run-picture">
      <h2 id="run-picture">{words.picture}</h2>
      <div class="sources quiet" role="group" aria-labelledby="run-picture">
        {SOURCES.map(each => (
          <button key={each} type="button" aria-pressed={each === source} onClick={() => onSource(each)}>
            {words.sources[each]}
          </button>
        ))}
      </div>
      {source === 'draw' && <DrawSource {...props} />}
      {source === 'photograph' && <PhotographSource {...props} />}
      {source === 'camera' && <Camera onPicture={props.onFile} onFault={props.onFault} />}
    </section>
  )
}

function DrawSource({ strokes, readsDigits, answer, onStrokes, onDigit }: Props): JSX.Element {
  const { run: words } = useWords()
  // A picture that is not a drawing, such as a bundled digit, lies under the canvas until the user draws.
  const under = strokes.length === 0 ? answer?.picture : undefined
  const hint = readsDigits ? words.paperHint : words.paperHintAny
  return (
    <>
      <div class="paper-frame">
        {under && <BitmapView bitmap={under} label={words.shownPicture} />}
        <Drawing strokes={strokes} onChange={onStrokes} hint={under ? '' : hint} />
      </div>
      <div class="row">
        <button type="button" disabled={strokes.length === 0} onClick={() => onStrokes(strokes.slice(0, -1))}>
          {words.undo}
        </button>
        <button type="button" disabled={strokes.length === 0} onClick={() => onStrokes([])}>
          {words.clear}
        </button>
        {strokes.length > 0 && answer && (
          <p class="glimpse">
            {words.glimpse}
            <BitmapView bitmap={answer.picture} />
          </p>
        )}
      </div>
      <div role="group" aria-labelledby="run-samples">
        <p id="run-samples" class="hint">
          {words.takeDigit}
        </p>
        <div class="samples">
          {DIGITS.map(digit => (
            <button
              key={digit}
              type="button"
              aria-label={words.takeDigitLabel(digit)}
              onClick={() => onDigit(digit)}
            >
              {digit}
            </button>
          ))}
        </div>
      </div>
    </>
  )
}

function PhotographSource({ answer, onFile, onCat }: Props): JSX.Element {
  const { run: words } = useWords()
  return (
    <>
      {answer && (
        <div class="frame">
          <BitmapView bitmap={answer.picture} label={words.shownPicture} />
        </div>
      )}
      <div class="row">
        <FileButton picks="picture" accept="image/*" isPrimary={!answer} onFile={onFile}>
          {words.chooseFile}
        </FileButton>
        <button type="button" onClick={onCat}>
          {words.bundledCat}
        </button>
      </div>
      <p class="hint">{words.photographHint}</p>
    </>
  )
}
