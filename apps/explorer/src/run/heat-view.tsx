// Where the network looks: a heat map over its input picture.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Answer, Heat, HeatMethod, OpenedNetwork } from '../lab/run.js'
import { useWords } from '../words/words.js'
import { BitmapView } from './bitmap-view.js'
import { LayerSelect } from './layer-select.js'

/** The methods by the names in their papers. */
const METHODS: Readonly<Record<HeatMethod, string>> = {
  gradcam: 'Grad-CAM',
  'gradcam++': 'Grad-CAM++',
  eigencam: 'Eigen-CAM'
}
/** Pictures with sides of fewer pixels are shown pixel by pixel. */
const SMALL = 64
const USUAL_OPACITY = 50

/** The chosen method, layer and class. */
export interface HeatChoice {
  readonly method: HeatMethod
  readonly layer: string
  readonly classIndex: number | undefined
  readonly opacity: number | undefined
}

interface Props {
  readonly network: OpenedNetwork | undefined
  readonly answer: Answer | undefined
  readonly heat: Heat | undefined
  readonly choice: HeatChoice
  readonly onChange: (change: Partial<HeatChoice>) => void
}

export function HeatView({ network, answer, heat, choice, onChange }: Props): JSX.Element {
  const { run: words } = useWords()
  const { method, layer, classIndex, opacity = USUAL_OPACITY } = choice
  // Memoised: a thousand options that do not change while the user draws.
  const classes = useMemo(
    () =>
      network?.classes.map((label, index) => (
        <option key={index} value={index}>
          {label}
        </option>
      )),
    [network]
  )
  const explained = network?.classes[heat?.classIndex ?? -1] ?? ''
  return (
    <section class="card" aria-labelledby="run-heat">
      <h2 id="run-heat">{words.heat}</h2>
      {network && answer ? (
        <div class="controls">
          <label class="wide">
            {words.ofClass}
            <select
              value={classIndex ?? ''}
              disabled={method === 'eigencam'}
              onChange={({ currentTarget: { value } }) =>
                onChange({ classIndex: value === '' ? undefined : Number(value) })
              }
            >
              <option value="">{words.ownAnswer}</option>
              {classes}
            </select>
          </label>
          <label>
            {words.method}
            <select
              value={method}
              onChange={event => onChange({ method: event.currentTarget.value as HeatMethod })}
            >
              {Object.entries(METHODS).map(([name, title]) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <label>
            {words.layer}
            <LayerSelect network={network} value={layer} onChange={chosen => onChange({ layer: chosen })} />
          </label>
        </div>
      ) : (
        <p class="empty">{words.heatEmpty}</p>
      )}
      {answer && heat && (
        <>
          <div class="stack">
            <BitmapView bitmap={answer.picture} isCrisp={answer.picture.width < SMALL} />
            <div class={heat.of === answer.id ? '' : 'stale'}>
              <BitmapView bitmap={heat.heat} label={words.heatLabel(explained)} opacity={opacity / 100} />
            </div>
          </div>
          <label class="slider">
            {words.opacity}
            <input
              type="range"
              min={0}
              max={100}
              value={opacity}
              onInput={event => onChange({ opacity: event.currentTarget.valueAsNumber })}
            />
          </label>
          <p class="legend" aria-hidden="true">
            {words.least} <i /> {words.most}
          </p>
          <p class="hint">
            {method !== 'eigencam' && (
              <strong>
                {explained}, {words.percent(heat.score)}.{' '}
              </strong>
            )}
            {words.methods[method]}
          </p>
        </>
      )}
    </section>
  )
}
