// The network to draw, and the one to compare it with.
import type { JSX } from 'preact'
import type { Change } from '../address/use-address.js'
import type { ModelChoice } from '../lab/architecture.js'
import { useWords } from '../words/words.js'
import { Choice, GroupedOptions } from '../page/controls.js'
import { OWN, SKIPS, TWIN, type ArchitectureFields } from './fields.js'

interface Props {
  readonly models: readonly ModelChoice[]
  readonly fields: ArchitectureFields
  readonly change: Change<ArchitectureFields>
  readonly onPaste: () => void
}

export function Toolbar({ models, fields, change, onPaste }: Props): JSX.Element {
  const { architecture: words } = useWords()
  const { model, classes, skip, shortcut, compare, code } = fields
  const isOwn = model === OWN
  const known = models.find(({ name }) => name === model)
  const takesSkip = known?.takesSkip ?? false
  const isOn = shortcut === 'on'

  return (
    <div class="toolbar row">
      <label>
        {words.network}
        <select
          value={model}
          onChange={event =>
            change({ model: event.currentTarget.value, open: [], at: undefined, skip: 'identity' })
          }
        >
          <ModelOptions models={models} missing={isOwn ? undefined : model} />
          {(code !== undefined || isOwn) && <option value={OWN}>{words.own}</option>}
        </select>
      </label>
      <button type="button" onClick={onPaste}>
        {words.paste.open}
      </button>
      {!isOwn && (
        <label>
          {words.classes}
          <input
            type="number"
            min="1"
            max="100000"
            value={classes ?? ''}
            placeholder={String(known?.numClasses ?? '')}
            onChange={event => {
              const wanted = event.currentTarget
              if (wanted.checkValidity())
                change({ classes: wanted.value === '' ? undefined : wanted.valueAsNumber })
            }}
          />
        </label>
      )}
      <label>
        <input
          type="checkbox"
          role="switch"
          checked={isOn}
          onChange={() => change({ shortcut: isOn ? 'off' : 'on' })}
        />
        {words.shortcuts}
      </label>
      {takesSkip && isOn && (
        <Choice
          label={words.onShortcut}
          value={skip}
          options={SKIPS}
          textOf={name => words.skips[name]}
          onChange={chosen => change({ skip: chosen })}
        />
      )}
      <label class="compare">
        {words.compareWith}
        <select
          value={compare ?? ''}
          onChange={event => change({ compare: event.currentTarget.value || undefined })}
        >
          <option value="">{words.nothing}</option>
          <option value={TWIN}>{words.twin}</option>
          <ModelOptions models={models} missing={compare === TWIN ? undefined : compare} />
        </select>
      </label>
    </div>
  )
}

interface OptionsProps {
  readonly models: readonly ModelChoice[]
  /** A model that is selected before the list is loaded. */
  readonly missing: string | undefined
}

function ModelOptions({ models, missing }: OptionsProps): JSX.Element {
  const { architecture: words } = useWords()
  const isMissing = missing !== undefined && !models.some(({ name }) => name === missing)
  return (
    <>
      {isMissing && <option value={missing}>{missing}</option>}
      <GroupedOptions
        options={models.map(({ name, group }) => ({ value: name, text: name, group: words.groups[group] }))}
      />
    </>
  )
}
