// The latest values of both networks as a table, and their weights to save.
import type { JSX } from 'preact'
import type { Pair } from '../lab/train.js'
import { useWords } from '../words/words.js'
import { gradientText, lossText, shareText } from './figures.js'
import { currentLoss, type History, type LaneHistory } from './history.js'

interface Props {
  readonly history: History
  readonly names: Pair<string>
  readonly onSave: (lane: 0 | 1) => void
}

const ROWS = {
  steps: ({ losses }) => String(losses.length),
  loss: lane => lossText(currentLoss(lane)),
  accuracy: ({ accuracies }) => shareText(accuracies.at(-1)?.value),
  first: ({ gradients }) => gradientText(gradients.at(0)),
  last: ({ gradients }) => gradientText(gradients.at(-1))
} as const satisfies Readonly<Record<string, (lane: LaneHistory) => string>>

const ROW_NAMES = ['steps', 'loss', 'accuracy', 'first', 'last'] as const
const LANES = [0, 1] as const

export function LatestValues({ history, names, onSave }: Props): JSX.Element {
  const { train: words } = useWords()
  return (
    <table class="latest">
      <caption>{words.latest}</caption>
      <thead>
        <tr>
          <td />
          {LANES.map(lane => (
            <th key={lane} scope="col" class={`swatch lane-${lane}`}>
              {names[lane]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ROW_NAMES.map(row => (
          <tr key={row}>
            <th scope="row">{words.values[row]}</th>
            {LANES.map(lane => (
              <td key={lane}>{ROWS[row](history[lane])}</td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">{words.values.weights}</th>
          {LANES.map(lane => (
            <td key={lane}>
              <button
                type="button"
                disabled={history[lane].losses.length === 0}
                aria-label={words.saveLabel(names[lane])}
                onClick={() => onSave(lane)}
              >
                {words.save}
              </button>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  )
}
