// What explains a prediction: where the network looks, as a heat map over its input picture, and the feature maps of a
// layer, one for each channel.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Change } from '../address/use-address.js'
import type { Answer, Heat, HeatMethod, Maps, OpenedNetwork } from '../lab/run.js'
import { Choice } from '../page/controls.js'
import { useWords } from '../words/words.js'
import { BitmapView } from './bitmap-view.js'
import { METHODS, type RunFields } from './fields.js'

/** The methods by the names in their papers. */
const METHOD_NAMES: Readonly<Record<HeatMethod, string>> = {
  gradcam: 'Grad-CAM',
  'gradcam++': 'Grad-CAM++',
  eigencam: 'Eigen-CAM'
}
const USUAL_OPACITY = 50

interface HeatProps {
  readonly network: OpenedNetwork | undefined
  readonly answer: Answer | undefined
  readonly heat: Heat | undefined
  readonly fields: RunFields
  /** The layer that is explained. */
  readonly layer: string
  readonly onChange: Change<RunFields>
}

export function HeatView({ network, answer, heat, fields, layer, onChange }: HeatProps): JSX.Element {
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
        <div class="controls stacked">
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

interface MapsProps {
  readonly network: OpenedNetwork | undefined
  readonly answer: Answer | undefined
  readonly maps: Maps | undefined
  readonly layer: string
  readonly onLayer: (layer: string) => void
}

export function MapsView({ network, answer, maps, layer, onLayer }: MapsProps): JSX.Element {
  const { run: words } = useWords()
  const about = maps && words.mapsOf(maps.shape[0], maps.shape[1], maps.shape[2])
  return (
    <section class="card" aria-labelledby="run-maps">
      <h2 id="run-maps">{words.maps}</h2>
      {network && answer ? (
        <div class="controls stacked">
          <label class="wide">
            {words.layer}
            <LayerSelect network={network} value={layer} onChange={onLayer} />
          </label>
        </div>
      ) : (
        <p class="empty">{words.mapsEmpty}</p>
      )}
      {answer && maps && about !== undefined && (
        <>
          <div class={maps.of === answer.id ? '' : 'stale'}>
            <BitmapView bitmap={maps.sheet} label={`${maps.layer}: ${about}`} isCrisp />
          </div>
          <p class="hint">{about}</p>
        </>
      )}
    </section>
  )
}

interface LayerProps {
  readonly network: OpenedNetwork
  readonly value: string
  readonly onChange: (layer: string) => void
}

/** The layers whose outputs are feature maps, by stage. */
function LayerSelect({ network: { layers }, value, onChange }: LayerProps): JSX.Element {
  // Memoised: hundreds of options that do not change while the user draws.
  const options = useMemo(() => optionsOf(layers), [layers])
  return (
    <select value={value} onChange={event => onChange(event.currentTarget.value)}>
      {options}
    </select>
  )
}

function optionsOf(layers: OpenedNetwork['layers']): (JSX.Element | JSX.Element[])[] {
  const stages = new Map<string, JSX.Element[]>()
  for (const { path, shape } of layers) {
    const [stage] = path.split('.')
    const option = (
      <option key={path} value={path}>
        {path} · {shape.join(' × ')}
      </option>
    )
    stages.set(stage, [...(stages.get(stage) ?? []), option])
  }
  return Array.from(stages, ([stage, options]) =>
    options.length === 1 ? (
      options
    ) : (
      <optgroup key={stage} label={stage}>
        {options}
      </optgroup>
    )
  )
}
