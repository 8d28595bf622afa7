// The line that `resnet train` prints after each epoch.
import { formatLoss, formatShare } from '../../base/figures.js'
import type { EpochRecord } from '../../train/record/record.js'
import { terminalWidth } from '../terminal/output.js'

/** The columns that the line takes where there is room. */
const ROOMY = 80

export function epochLine(
  { epoch, train, validation, seconds }: EpochRecord,
  epochs: number,
  width = terminalWidth() ?? ROOMY
): string {
  const isNarrow = width < ROOMY
  const [gap, name] = isNarrow ? ['  ', 'val'] : ['   ', 'validation']
  const figures = (of: typeof train): string =>
    [formatLoss(of.loss), formatShare(of.accuracy)].join(isNarrow ? ' ' : '  ')
  const measured = validation ? [`${name} ${figures(validation)}`] : []
  const done = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`
  return [done, `train ${figures(train)}`, ...measured, `${seconds.toFixed(1)} s`].join(gap)
}
