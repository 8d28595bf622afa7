// The input picture: drawn, from a file, from the camera, or bundled with the page.
import type { JSX } from 'preact'
import { Button, FileButton } from '../page/controls.js'
import { useWords } from '../words/words.js'
import { BitmapView } from './bitmap-view.js'
import { Camera } from './camera.js'
import { Drawing } from './drawing.js'
import type { Run } from './use-run.js'

/** Sources of pictures. */
export const SOURCES = ['draw', 'photograph', 'camera'] as const
export type Source = (typeof SOURCES)[number]

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit)

interface Props {
  readonly run: Run
  readonly source: Source
  readonly onSource: (source: Source) => void
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

function DrawSource({ run: { networkState, shownState, answer } }: Props): JSX.Element {
  const { run: words } = useWords()
  const { strokes, draw, showDigit } = shownState
  const { picture } = answer.value ?? {}
  // A picture that is not a drawing, such as a bundled digit, lies under the canvas until the user draws.
  const under = strokes.length === 0 ? picture : undefined
  const hint = networkState.network?.readsDigits ? words.paperHint : words.paperHintAny
  return (
    <>
      <div class="paper-frame">
        {under && <BitmapView bitmap={under} label={words.shownPicture} />}
        <Drawing strokes={strokes} onChange={draw} hint={under ? '' : hint} />
      </div>
      <div class="row">
        <Button isOff={strokes.length === 0} onClick={() => draw(strokes.slice(0, -1))}>
          {words.undo}
        </Button>
        <Button isOff={strokes.length === 0} onClick={() => draw([])}>
          {words.clear}
        </Button>
        {strokes.length > 0 && picture && (
          <p class="glimpse">
            {words.glimpse}
            <BitmapView bitmap={picture} />
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
              onClick={() => showDigit(digit)}
            >
              {digit}
            </button>
          ))}
        </div>
      </div>
    </>
  )
}

function PhotographSource({ run, onSource, onFile }: Props): JSX.Element {
  const { run: words } = useWords()
  const { picture } = run.answer.value ?? {}
  return (
    <>
      {picture && (
        <div class="frame">
          <BitmapView bitmap={picture} label={words.shownPicture} />
        </div>
      )}
      <div class="row">
        <FileButton picks="picture" accept="image/*" isPrimary={!picture} onFile={onFile}>
          {words.chooseFile}
        </FileButton>
        <button
          type="button"
          onClick={() => {
            onSource('photograph')
            run.shownState.showCat()
          }}
        >
          {words.bundledCat}
        </button>
      </div>
      <p class="hint">{words.photographHint}</p>
    </>
  )
}
