// The settings of a run: the two shortcuts, and how both networks are trained.
import type { JSX } from 'preact'
import type { Change } from '../address/use-address.js'
import { DEPTHS } from '../lab/train-settings.js'
import { Choice } from '../page/controls.js'
import { useWords } from '../words/words.js'
import { BATCHES, FORMULAS, MAX_SEED, RATES, SHORTCUTS, TRAIN_DEVICES, type TrainFields } from './fields.js'

interface Props {
  readonly fields: TrainFields
  readonly change: Change<TrainFields>
}

const SIDES = ['left', 'right'] as const

export function TrainSettingsForm({ fields, change }: Props): JSX.Element {
  const { train: words } = useWords()
  return (
    <fieldset class="train-settings row stacked">
      <legend class="visually-hidden">{words.settings}</legend>
      {SIDES.map((side, at) => (
        <div key={side} class={`lane-choice lane-${at}`}>
          <Choice
            label={words.lane(at + 1)}
            value={fields[side]}
            options={SHORTCUTS}
            textOf={each => `${FORMULAS[each]} – ${words.shortcuts[each]}`}
            onChange={shortcut => change({ [side]: shortcut })}
          />
        </div>
      ))}
      <Choice
        label={words.depth}
        value={fields.depth}
        options={DEPTHS.map(String)}
        textOf={depth => words.layers(Number(depth))}
        onChange={depth => change({ depth })}
      />
      <Choice label={words.rate} value={fields.rate} options={RATES} onChange={rate => change({ rate })} />
      <Choice
        label={words.batch}
        value={fields.batch}
        options={BATCHES}
        onChange={batch => change({ batch })}
      />
      <label>
        <span>{words.seed}</span>
        <input
          type="number"
          min={0}
          max={MAX_SEED}
          step={1}
          value={fields.seed ?? 0}
          onChange={event => {
            const { valueAsNumber, validity } = event.currentTarget
            if (validity.valid && Number.isInteger(valueAsNumber))
              change({ seed: valueAsNumber || undefined })
            else event.currentTarget.value = String(fields.seed ?? 0)
          }}
        />
      </label>
      <Choice
        label={words.device}
        value={fields.device}
        options={TRAIN_DEVICES}
        textOf={device => words.devices[device]}
        onChange={device => change({ device })}
      />
    </fieldset>
  )
}
