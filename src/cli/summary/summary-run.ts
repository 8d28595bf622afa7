import { countLayers } from '../../inspect/summary/count-layers.js'
import { formatSummary, summarize } from '../../inspect/summary/summary.js'
import type { Shape } from '../../ir/shape.js'
import { inputOf, openChosen, withModel, type NetworkChoice } from '../open-chosen.js'
import { printJson, printText, terminalWidth } from '../terminal/output.js'

export interface SummaryOptions extends NetworkChoice {
  readonly input?: Shape
  readonly json?: boolean
}

export async function summary(
  model: string | undefined,
  { input, json, ...choice }: SummaryOptions
): Promise<void> {
  const opened = await openChosen(withModel(model, choice), 'inspect', { input })
  const shape = inputOf(opened, { input })
  const numbers = summarize(opened.net, { input: shape })
  const layers = countLayers(opened.net, { input: shape })
  if (json) printJson({ model: opened.model, layers, ...numbers })
  else
    printText(
      [
        formatSummary(numbers, { width: terminalWidth() }),
        'Layers with weights:',
        ...layers.sums.map(sum => `  ${sum}`)
      ].join('\n')
    )
}
