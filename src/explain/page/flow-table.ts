// The end of each training run in figures: a row a network.
import { escapeHtml } from '../../report/escape-html.js'
import { formatCount, formatLoss, formatShare, NO_FIGURE } from '../../report/figures.js'
import { TWIN_FORMS, type FlowComparison } from '../flow/compare-gradient-flow.js'
import {
  endAccuracy,
  endLoss,
  FORM_NAMES,
  formatRatio,
  median,
  ratiosAt,
  reachOf
} from '../flow/flow-figures.js'
import type { GradientFlow } from '../flow/gradient-flow.js'

const HEADS = [
  'parameters',
  'steps',
  'loss at the end',
  'held out',
  'gradient of the first layer / the last, median',
  'lowest',
  '‖F(x)‖ / ‖x‖ at the end, median'
]

/** A table of all networks. */
export function flowTable({ twins }: FlowComparison): string {
  const rows = twins.flatMap(each =>
    TWIN_FORMS.flatMap(form => {
      const flow = each[form]
      if (!flow) return []
      const name = `${escapeHtml(each.name)} <small>${escapeHtml(FORM_NAMES[form])}</small>`
      const cells = figuresOf(flow).map(figure => `<td>${escapeHtml(figure)}</td>`)
      return [`<tr><th scope="row">${name}</th>${cells.join('')}</tr>`]
    })
  )
  const heads = HEADS.map(head => `<th scope="col">${escapeHtml(head)}</th>`)
  return [
    '<div class="scroll" role="region" aria-label="All networks" tabindex="0"><table class="figures">',
    `<thead><tr><th scope="col">network</th>${heads.join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody>`,
    '</table></div>'
  ].join('\n')
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
