import type { ReprStyle } from '../../nn/module/repr.js'
import { openChosen, withModel, type NetworkChoice } from '../open-chosen.js'
import { printText } from '../terminal/output.js'

export interface PrintOptions extends NetworkChoice {
  readonly style?: ReprStyle
}

export async function printNetwork(
  model: string | undefined,
  { style = 'torch', ...choice }: PrintOptions
): Promise<void> {
  const { net } = await openChosen(withModel(model, choice), 'inspect')
  printText(net.toString({ style }))
}
