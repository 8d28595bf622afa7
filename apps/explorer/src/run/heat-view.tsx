// Where the network looks: a heat map over its input picture.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Change } from '../address/use-address.js'
import type { Answer, Heat, HeatMethod, OpenedNetwork } from '../lab/run.js'
import { Choice } from '../page/controls.js'
import { useWords } from '../words/words.js'
import { BitmapView } from './bitmap-view.js'
import { METHODS, type RunFields } from './fields.js'
import { LayerSelect } from './layer-select.js'

/** The methods by the names in their papers. */
const METHOD_NAMES: Readonly<Record<HeatMethod, string>> = {
  gradcam: 'Grad-CAM',
  'gradcam++': 'Grad-CAM++',
  eigencam: 'Eigen-CAM'
}
const USUAL_OPACITY = 50

interface Props {
  readonly network: OpenedNetwork | undefined
  readonly answer: Answer | undefined
  readonly heat: Heat | undefined
  readonly fields: RunFields
  /** The layer that is explained. */
  readonly layer: string
  readonly onChange: Change<RunFields>
}

export function HeatView({ network, answer, heat, fields, layer, onChange }: Props): JSX.Element {
  const { run: words } = useWords()
  const { method, class: classIndex, opacity = USUAL_OPACITY } = fields
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
                onChange({ class: value === '' ? undefined : Number(value) })
              }
            >
              <option value="">{words.ownAnswer}</option>
              {classes}
            </select>
          </label>
          <Choice
            label={words.method}
            value={method}
            options={METHODS}
            textOf={each => METHOD_NAMES[each]}
            onChange={chosen => onChange({ method: chosen })}
          />
          <label>
            {words.layer}
            <LayerSelect network={network} value={layer} onChange={heat => onChange({ heat })} />
          </label>
        </div>
      ) : (
        <p class="empty">{words.heatEmpty}</p>
      )}
      {answer && heat && (
        <>
          <div class="stack">
            <BitmapView bitmap={answer.picture} />
            <div class={heat.of === answer.id ? '' : 'stale'}>
              <BitmapView
                bitmap={heat.heat}
                label={words.heatLabel(explained)}
                isCrisp={false}
                opacity={opacity / 100}
              />
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
