// Gradient norms: one bar per layer, one row per network, on a common scale.
import type { JSX } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import type { Pair } from '../lab/train.js'
import { useWords } from '../words/words.js'
import { gradientText, heightOn, linesOn, powerOfTen, widened, type GradientScale } from './figures.js'
import type { History } from './history.js'

interface Props {
  /** The names of the layers' weights. */
  readonly layers: readonly string[]
  readonly history: History
  readonly names: Pair<string>
}

export function GradientBars({ layers, history, names }: Props): JSX.Element {
  const { train: words } = useWords()
  const all = history.flatMap(({ gradients }) => gradients)
  const kept = useRef<GradientScale | undefined>(undefined)
  kept.current = widened(all.length === 0 ? undefined : kept.current, all)
  const scale = kept.current
  const stages = useMemo(() => stagesOf(layers), [layers])
  return (
    <figure class="gradients">
      <figcaption>
        <h3>{words.gradient}</h3> <span>{words.gradientHint}</span>
      </figcaption>
      {history.map(({ gradients }, lane) => {
        const ends = [gradients.at(0), gradients.at(-1)].map(gradientText)
        const label =
          gradients.length === 0
            ? words.gradientNone(names[lane])
            : words.gradientLabel(names[lane], ends[0], ends[1])
        return (
          <div key={lane} class={`bars lane-${lane}`} role="img" aria-label={label}>
            <span class="bars-name">{names[lane]}</span>
            <div class="bars-plot">
              {linesOn(scale).map(exponent => (
                <span
                  key={exponent}
                  class="bars-line"
                  style={{ bottom: `${100 * heightOn(scale, 10 ** exponent)}%` }}
                >
                  {powerOfTen(exponent)}
                </span>
              ))}
              {stages.map(({ name, places }) => (
                <span key={name} class="bars-group" style={{ flexGrow: places.length }}>
                  {places.map(at => (
                    <span
                      key={at}
                      class="bar"
                      title={`${layers[at].replace(/\.weight$/, '')}: ${gradientText(gradients.at(at))}`}
                      style={{ transform: `scaleY(${heightOn(scale, gradients.at(at) ?? 0)})` }}
                    />
                  ))}
                </span>
              ))}
            </div>
          </div>
        )
      })}
      <p class="bars-ends" aria-hidden="true">
        <span>{words.firstLayer}</span>
        <span>{words.lastLayer}</span>
      </p>
    </figure>
  )
}

/** The layers of a stage, by index. */
function stagesOf(layers: readonly string[]) {
  const stageOf = (layer: string): string => layer.split('.')[0]
  const names = [...new Set(layers.map(stageOf))]
  return names.map(name => ({
    name,
    places: [...layers.keys()].filter(at => stageOf(layers[at]) === name)
  }))
}
