// Progress of a comparison of twins: a moving line, and a permanent one per finished network.
import { TWIN_FORMS, type TwinForm, type Twins } from '../../explain/flow/compare-gradient-flow.js'
import { endAccuracy, endLoss, FORM_NAMES } from '../../explain/flow/flow-figures.js'
import type { FlowProgress, GradientFlow } from '../../explain/flow/gradient-flow.js'
import { formatDuration, formatLoss, formatShare } from '../../base/figures.js'
import { drawLine } from '../terminal/moving-line.js'

/** Milliseconds between redraws. */
const EVERY = 100

/** Shows the share of all training done on stderr. */
export class FlowProgressDisplay {
  readonly #isShown: boolean
  readonly #started = performance.now()
  /** Relative cost of a step of each network: its layers, as steps of small networks are mostly overhead. */
  readonly #costs = new Map<string, number>()
  readonly #all: number
  #done = 0
  #drawn = 0

  constructor(twins: readonly Twins[], steps: number, isShown: boolean) {
    this.#isShown = isShown
    let all = 0
    for (const each of twins) {
      for (const form of TWIN_FORMS) {
        const net = each[form]
        if (!net) continue
        const cost = [...net.parameters()].length
        this.#costs.set(keyOf(each.name, form), cost)
        all += cost * steps
      }
    }
    this.#all = all
  }

  show({
    name,
    form,
    step,
    steps,
    result
  }: FlowProgress & { readonly name: string; readonly form: TwinForm }): void {
    this.#done += this.#costs.get(keyOf(name, form)) ?? 0
    const now = performance.now()
    if (!this.#isShown || now - this.#drawn < EVERY) return
    this.#drawn = now
    const share = this.#done / this.#all
    const left = ((now - this.#started) / 1000) * (1 / share - 1)
    const line =
      `${Math.floor(100 * share)} %  ETA ${formatDuration(left)}  ${name} ${FORM_NAMES[form]}: ` +
      `step ${step}/${steps}, loss ${formatLoss(result.loss)}`
    drawLine(line.slice(0, (process.stderr.columns || 80) - 1))
  }
}

function keyOf(name: string, form: TwinForm): string {
  return `${name} ${form}`
}

/** A finished network as one line. */
export function describeFlow(
  flow: GradientFlow,
  { name, form }: { readonly name: string; readonly form: TwinForm }
): string {
  const [loss, accuracy] = [endLoss(flow), endAccuracy(flow)]
  const figures = [
    ...(loss === undefined ? [] : [`loss ${formatLoss(loss)}`]),
    ...(accuracy === undefined ? [] : [`held out ${formatShare(accuracy)}`]),
    ...(flow.ended === 'finished' ? [] : [`${flow.ended} after ${flow.losses.length} steps`])
  ]
  return `${name} ${FORM_NAMES[form]}: ${figures.join('   ')}`
}
