// What explains a prediction: where the network looks, as a heat map over its input picture, and the feature maps of a
// layer, one for each channel.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { OpenedNetwork } from '../lab/run.js'
import { Choice, GroupedOptions } from '../page/controls.js'
import { useWords } from '../words/words.js'
import { BitmapView } from './bitmap-view.js'
import { METHOD_NAMES, METHODS } from './fields.js'
import type { Run } from './use-run.js'

const USUAL_OPACITY = 50

interface Props {
  readonly run: Run
}

export function HeatView({ run }: Props): JSX.Element {
  const { run: words } = useWords()
  const { fields, change, layers } = run
  const [{ network }, { value: answer }, { value: heat }] = [run.networkState, run.answer, run.heat]
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
                change({ class: value === '' ? undefined : Number(value) })
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
            onChange={chosen => change({ method: chosen })}
          />
          <label>
            {words.layer}
            <LayerSelect network={network} value={layers.heat} onChange={layer => change({ heat: layer })} />
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
              onInput={event => change({ opacity: event.currentTarget.valueAsNumber })}
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

export function MapsView({ run }: Props): JSX.Element {
  const { run: words } = useWords()
  const { change, layers } = run
  const [{ network }, { value: answer }, { value: maps }] = [run.networkState, run.answer, run.maps]
  const about = maps && words.mapsOf(maps.shape[0], maps.shape[1], maps.shape[2])
  return (
    <section class="card" aria-labelledby="run-maps">
      <h2 id="run-maps">{words.maps}</h2>
      {network && answer ? (
        <div class="controls stacked">
          <label class="wide">
            {words.layer}
            <LayerSelect network={network} value={layers.maps} onChange={layer => change({ maps: layer })} />
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
  const options = useMemo(
    () =>
      layers.map(({ name, shape }) => ({
        value: name,
        text: `${name} · ${shape.join(' × ')}`,
        group: name.split('.')[0]
      })),
    [layers]
  )
  return (
    <select value={value} onChange={event => onChange(event.currentTarget.value)}>
      <GroupedOptions options={options} />
    </select>
  )
}
