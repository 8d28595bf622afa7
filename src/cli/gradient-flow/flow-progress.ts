// Progress of a comparison of twins: a moving line, and a permanent one per finished network.
import { TWIN_FORMS, type CompareFlowOptions, type Twins } from '../../explain/flow/compare-gradient-flow.js'
import { endAccuracy, endLoss, FORM_NAMES } from '../../explain/flow/flow-figures.js'
import type { GradientFlow } from '../../explain/flow/gradient-flow.js'
import type { Module } from '../../nn/module/module.js'
import { counted, formatDuration, formatLoss, formatShare } from '../../base/figures.js'
import { progressDrawer } from '../terminal/output.js'

type Of = Parameters<NonNullable<CompareFlowOptions['onFlow']>>[1]

const titleOf = ({ name, form }: Of): string => `${name} ${FORM_NAMES[form]}`

/** Shows the share of all training done on stderr. */
export function flowDisplay(
  twins: readonly Twins[],
  steps: number,
  json: boolean
): CompareFlowOptions['onStep'] {
  const draw = progressDrawer(json)
  const started = performance.now()
  // A step's relative cost is the network's layers, as steps of small networks are mostly overhead.
  const costOf = (net?: Module): number => [...(net?.parameters() ?? [])].length
  const costs = new Map(
    twins.flatMap(each =>
      TWIN_FORMS.map(form => [titleOf({ name: each.name, form }), costOf(each[form])] as const)
    )
  )
  const all = steps * [...costs.values()].reduce((sum, cost) => sum + cost, 0)
  let done = 0
  return progress => {
    const title = titleOf(progress)
    done += costs.get(title) ?? 0
    draw(() => {
      const share = done / all
      const left = ((performance.now() - started) / 1000) * (1 / share - 1)
      const { step, result } = progress
      const at = `step ${step}/${progress.steps}, loss ${formatLoss(result.loss)}`
      const line = `${Math.floor(100 * share)} %  ETA ${formatDuration(left)}  ${title}: ${at}`
      return line.slice(0, (process.stderr.columns || 80) - 1)
    })
  }
}

/** A finished network as one line. */
export function describeFlow(flow: GradientFlow, of: Of): string {
  const [loss, accuracy] = [endLoss(flow), endAccuracy(flow)]
  const figures = [
    ...(loss === undefined ? [] : [`loss ${formatLoss(loss)}`]),
    ...(accuracy === undefined ? [] : [`held out ${formatShare(accuracy)}`]),
    ...(flow.ended === 'finished'
      ? []
      : [`${flow.ended} after ${counted(flow.losses.length, 'step', 'steps')}`])
  ]
  return `${titleOf(of)}: ${figures.join('   ')}`
}
