// Which network, whose weights, and what it runs on.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { ModelChoice } from '../lab/architecture.js'
import type { OpenedNetwork, RunDevice } from '../lab/run.js'
import { Choice, FileButton } from '../page/controls.js'
import { useWords } from '../words/words.js'
import { BUNDLED, DEVICES } from './fields.js'
import type { Opening } from './use-network.js'

const PHOTOGRAPH = 224
const WEIGHTS = '.pth,.pt,.safetensors,.bin,.tar'

interface Props {
  readonly models: readonly ModelChoice[]
  readonly model: string
  readonly device: RunDevice
  readonly network: OpenedNetwork | undefined
  readonly opening: Opening | undefined
  /** Whether the network is running. */
  readonly isBusy: boolean
  readonly milliseconds: number | undefined
  readonly onModel: (model: string) => void
  readonly onDevice: (device: RunDevice) => void
  readonly onWeights: (file: File) => void
  readonly onCancel: () => void
}

export function NetworkBar(props: Props): JSX.Element {
  const { models, model, device, onModel, onDevice, onWeights } = props
  const { run: words } = useWords()
  const groups = useMemo(() => {
    const ofPhotographs = (wanted: boolean): readonly ModelChoice[] =>
      models.filter(({ inputSize }) => (inputSize === PHOTOGRAPH) === wanted)
    return [
      <ModelGroup key="large" label={words.photographs} models={ofPhotographs(true)} />,
      <ModelGroup key="small" label={words.smallPictures} models={ofPhotographs(false)} />
    ]
  }, [models, words])
  return (
    <div class="network-bar">
      <div class="row">
        <label>
          <span>{words.network}</span>
          <select value={model} onChange={event => onModel(event.currentTarget.value)}>
            <option value={BUNDLED}>{words.bundled}</option>
            {groups}
          </select>
        </label>
        <FileButton picks="weights" accept={WEIGHTS} onFile={onWeights}>
          {words.loadWeights}
        </FileButton>
        <Choice
          label={words.device}
          value={device}
          options={DEVICES}
          textOf={each => words.devices[each]}
          onChange={onDevice}
        />
      </div>
      <Progress {...props} />
      <p class="facts">
        <Facts {...props} />
      </p>
    </div>
  )
}

function ModelGroup({ label, models }: { label: string; models: readonly ModelChoice[] }): JSX.Element {
  return (
    <optgroup label={label}>
      {models.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </optgroup>
  )
}

function Progress({ opening, isBusy, onCancel }: Props): JSX.Element | null {
  const { run: words } = useWords()
  if (!opening && !isBusy) return null
  const stage = words.stages[opening?.stage ?? 'running']
  return (
    // The style delays it, so that short work does not flicker.
    <div class="progress row" key={opening ? 'opening' : 'running'}>
      <progress aria-label={stage} {...(opening?.share === undefined ? {} : { value: opening.share })} />
      <span>{stage}</span>
      <button type="button" class="quiet" onClick={onCancel}>
        {words.cancel}
      </button>
    </div>
  )
}

function Facts({ network, milliseconds }: Pick<Props, 'network' | 'milliseconds'>): JSX.Element | null {
  const { run: words } = useWords()
  if (!network) return null
  const { input, device, threads, weights, isTrained } = network
  const origin = weights === undefined ? words.bundledWeights : words.weightsFrom(weights)
  return (
    <>
      {isTrained ? `${origin} · ` : <strong>{words.untrained}</strong>}
      {words.input(input[0], input[1], input[2])}
      {' · '}
      <span class="place tabular">
        {words.place(device, threads)}
        {milliseconds !== undefined && ` · ${words.milliseconds(milliseconds)}`}
      </span>
    </>
  )
}
