// The end of each training run in figures: a row a network.
import type { JSX } from 'preact'
import { formatCount, formatLoss, formatShare, NO_FIGURE } from '../../base/figures.js'
import { TWIN_FORMS, type FlowComparison } from '../../explain/flow/compare-gradient-flow.js'
import {
  endAccuracy,
  endLoss,
  FORM_NAMES,
  formatRatio,
  median,
  ratiosAt,
  reachOf
} from '../../explain/flow/flow-figures.js'
import type { GradientFlow } from '../../explain/flow/gradient-flow.js'
import { FigureTable } from '../parts.js'

const HEADS = [
  'network',
  'parameters',
  'steps',
  'loss at the end',
  'held out',
  'gradient of the first layer / the last, median',
  'lowest',
  '‖F(x)‖ / ‖x‖ at the end, median'
]

/** A table of all networks. */
export function FlowTable({ twins }: Pick<FlowComparison, 'twins'>): JSX.Element {
  const rows = twins.flatMap(each =>
    TWIN_FORMS.flatMap(form => {
      const flow = each[form]
      if (!flow) return []
      const head = (
        <>
          {each.name} <small>{FORM_NAMES[form]}</small>
        </>
      )
      return [{ head, cells: figuresOf(flow) }]
    })
  )
  return <FigureTable label="All networks" heads={HEADS} rows={rows} />
}

function figuresOf(flow: GradientFlow): string[] {
  const [loss, accuracy] = [endLoss(flow), endAccuracy(flow)]
  const reach = reachOf(flow).map(({ ratio }) => ratio)
  const ratios = ratiosAt(flow, -1)
  return [
    formatCount(flow.parameters),
    formatCount(flow.losses.length),
    loss === undefined ? NO_FIGURE : formatLoss(loss),
    accuracy === undefined ? NO_FIGURE : formatShare(accuracy),
    formatRatio(median(reach)),
    formatRatio(Math.min(...reach)),
    formatRatio(median(ratios))
  ]
}
