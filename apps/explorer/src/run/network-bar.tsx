// Which network, whose weights, and what it runs on.
import type { JSX } from 'preact'
import { Choice, FileButton, GroupedOptions } from '../page/controls.js'
import { useWords } from '../words/words.js'
import { BUNDLED, DEVICES } from './fields.js'
import type { Run } from './use-run.js'

const PHOTOGRAPH = 224
const WEIGHTS = '.pth,.pt,.safetensors,.bin,.tar'

interface Props {
  readonly run: Run
}

export function NetworkBar({ run }: Props): JSX.Element {
  const { models, fields, chooseModel, chooseDevice, loadWeights } = run
  const { run: words } = useWords()
  return (
    <div class="network-bar">
      <div class="row">
        <label>
          <span>{words.network}</span>
          <select value={fields.model} onChange={event => chooseModel(event.currentTarget.value)}>
            <option value={BUNDLED}>{words.bundled}</option>
            <GroupedOptions
              options={models.map(({ name, inputSize }) => ({
                value: name,
                text: name,
                group: inputSize === PHOTOGRAPH ? words.photographs : words.smallPictures
              }))}
            />
          </select>
        </label>
        <FileButton picks="weights" accept={WEIGHTS} onFile={file => loadWeights(file)}>
          {words.loadWeights}
        </FileButton>
        <Choice
          label={words.device}
          value={fields.device}
          options={DEVICES}
          textOf={each => words.devices[each]}
          onChange={chooseDevice}
        />
      </div>
      <Progress run={run} />
      <p class="facts">
        <Facts run={run} />
      </p>
    </div>
  )
}

function Progress({ run: { networkState, answer, heat, maps, cancel } }: Props): JSX.Element | null {
  const { run: words } = useWords()
  const { opening } = networkState
  if (!opening && ![answer, heat, maps].some(({ isBusy }) => isBusy)) return null
  const stage = words.stages[opening?.stage ?? 'running']
  return (
    // The style delays it, so that short work does not flicker.
    <div class="progress row" key={opening ? 'opening' : 'running'}>
      <progress aria-label={stage} {...(opening?.share === undefined ? {} : { value: opening.share })} />
      <span>{stage}</span>
      <button type="button" class="quiet" onClick={cancel}>
        {words.cancel}
      </button>
    </div>
  )
}

function Facts({ run: { networkState, answer } }: Props): JSX.Element | null {
  const { run: words } = useWords()
  const { network } = networkState
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
        {answer.value && ` · ${words.milliseconds(answer.value.milliseconds)}`}
      </span>
    </>
  )
}
