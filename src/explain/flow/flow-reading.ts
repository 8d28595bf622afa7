// Conclusions from the curves of twins, in words; each sentence is derived from the figures.
import { counted, formatCount, formatLoss, formatShare } from '../../base/figures.js'
import { checkArguments } from '../../base/options.js'
import { returnedBy } from '../../nn/module/check-network.js'
import type { FlowComparison, TwinFlows } from './compare-gradient-flow.js'
import {
  depthOf,
  endAccuracy,
  endLoss,
  formatRatio,
  layerName,
  mainLayers,
  median,
  ratiosAt,
  reachOf
} from './flow-figures.js'
import type { GradientFlow } from './gradient-flow.js'

/** Conclusions from a comparison. */
export interface FlowReading {
  /** About all twins together. */
  readonly summary: readonly string[]
  /** About each pair, in their order. */
  readonly twins: readonly { readonly name: string; readonly remarks: readonly string[] }[]
}

/** A gradient ratio beyond which it has vanished or exploded. */
const FAR = 10
/** Smaller differences of accuracy count as equal, whatever the number of held-out images. */
const ALIKE = 0.02
/** So do smaller ratios of losses, and smaller differences of losses near 0. */
const ALIKE_LOSS = { ratio: 1.5, difference: 0.01 }
/** Gradient ratios within this factor of each other count as alike. */
const ALIKE_GRADIENT = 2
/** With fewer steps, conclusions about learning are premature. */
const FEW_STEPS = 20

export function readFlow(comparison: FlowComparison): FlowReading {
  const rule = returnedBy<FlowComparison>('compareGradientFlow', 'twins')
  checkArguments('readFlow', { comparison }, { comparison: rule })
  return {
    summary: [...unfinished(comparison), ...acrossDepths(comparison)],
    twins: comparison.twins.map(twins => ({ name: twins.name, remarks: remarksOn(twins, comparison) }))
  }
}

function unfinished({ finished, steps, twins }: FlowComparison): string[] {
  if (finished && steps >= FEW_STEPS) return []
  if (finished)
    return [`${counted(steps, 'step shows', 'steps show')} how networks start, not yet how they learn.`]
  const made = twins.flatMap(({ name: _, ...flows }) => Object.values(flows).map(flow => flow.losses.length))
  const whole = made.filter(count => count === steps).length
  return [
    `Training was stopped: ${whole} of ${made.length} networks are through, the others are shown as far as they came.`
  ]
}

/** The effect of depth on each kind of network. */
function acrossDepths({ twins, steps, classes }: FlowComparison): string[] {
  const measured = twins
    .filter(({ plain, residual }) => [plain, residual].every(flow => endAccuracy(flow) !== undefined))
    .sort((a, b) => depthOf(a) - depthOf(b))
  const [shallow, deep] = [measured.at(0), measured.at(-1)]
  if (!shallow || !deep || depthOf(shallow) === depthOf(deep)) return []
  const change = (form: 'plain' | 'residual'): string => {
    const [before, after] = [shallow, deep].map(each => endAccuracy(each[form]) ?? NaN)
    return differ(shallow[form], deep[form])
      ? `${after < before ? 'falls' : 'rises'} from ${formatShare(before)} to ${formatShare(after)}`
      : `stays alike, ${formatShare(before)} and ${formatShare(after)}`
  }
  const [plain, residual] = [change('plain'), change('residual')]
  const hasLearnt = [deep.plain, deep.residual].some(flow => !isGuess(endAccuracy(flow) ?? NaN, classes))
  const isWorse = steps >= FEW_STEPS && plain.startsWith('falls') && !residual.startsWith('falls')
  const verdict = !hasLearnt
    ? ` ${deep.name} has learnt nothing yet in either form: more epochs are needed to compare depths.`
    : isWorse
      ? ' More layers make the plain network worse, not the residual one.'
      : ''
  return [
    `From ${shallow.name} to ${deep.name}, accuracy on held-out images ${plain} without shortcuts; ` +
      `with them it ${residual}.${verdict}`
  ]
}

/** Whether two accuracies on held-out images differ by more than chance explains: by two standard errors. */
function differ(a: GradientFlow, b: GradientFlow): boolean {
  const [{ accuracy: first, variance }, { accuracy: second, variance: other }] = [a, b].map(flow => {
    const accuracy = endAccuracy(flow) ?? NaN
    return { accuracy, variance: (accuracy * (1 - accuracy)) / (flow.heldOut.at(-1)?.images ?? Infinity) }
  })
  return Math.abs(first - second) >= Math.max(ALIKE, 2 * Math.sqrt(variance + other))
}

function remarksOn(twins: TwinFlows, { classes }: FlowComparison): string[] {
  const { plain, residual, zeroInit } = twins
  if (plain.losses.length === 0 || residual.losses.length === 0) {
    return ['There is nothing to compare: training was stopped before both networks had made a step.']
  }
  return [
    ...broken(twins),
    ...learning(plain, residual, classes),
    ...gradient(plain, residual),
    ...atTheStart(plain, residual),
    ...blocks(residual),
    ...(zeroInit ? zeroAtTheStart(zeroInit, residual) : [])
  ]
}

function broken({ plain, residual, zeroInit }: TwinFlows): string[] {
  const flows = { plain, residual, 'residual network with F(x) = 0 at the start, the third': zeroInit }
  return Object.entries(flows).flatMap(([which, flow]) =>
    flow?.fault === undefined ? [] : [`The ${which} network broke down. ${flow.fault}.`]
  )
}

function learning(plain: GradientFlow, residual: GradientFlow, classes: number | undefined): string[] {
  const [loss, lossWithThem] = [plain, residual].map(flow => endLoss(flow) ?? NaN)
  const [without, withThem] = [endAccuracy(plain), endAccuracy(residual)]
  const [made, beside] = [plain.losses.length, residual.losses.length]
  const steps =
    made === beside
      ? counted(made, 'step', 'steps')
      : `${formatCount(made)} and ${counted(beside, 'step', 'steps')}`
  const isMeasured = without !== undefined && withThem !== undefined
  const figures = isMeasured
    ? `After ${steps} the plain network finds the class of ${formatShare(without)} of the held-out images ` +
      `(loss in training ${formatLoss(loss)}), the residual one of ${formatShare(withThem)} (${formatLoss(lossWithThem)})`
    : `After ${steps} the loss is ${formatLoss(loss)} without shortcuts and ${formatLoss(lossWithThem)} with them`
  // After few steps, or after steps that differ in number, a difference means nothing.
  if (made !== beside || made < FEW_STEPS) return [`${figures}.`]
  const verdict = isMeasured
    ? accuracyVerdict(without, withThem, classes, differ(plain, residual))
    : lossVerdict(loss, lossWithThem)
  return [verdict === undefined ? `${figures}.` : `${figures}: ${verdict}.`]
}

function lossVerdict(plain: number, residual: number): string | undefined {
  if (Math.abs(plain - residual) < ALIKE_LOSS.difference) return undefined
  if (plain > ALIKE_LOSS.ratio * residual) return 'with shortcuts training gets further'
  return residual > ALIKE_LOSS.ratio * plain ? 'here the plain network is ahead' : undefined
}

function accuracyVerdict(
  plain: number,
  residual: number,
  classes: number | undefined,
  differs: boolean
): string {
  if (isGuess(plain, classes) && isGuess(residual, classes))
    return 'neither has learnt much more than to guess'
  if (isGuess(plain, classes)) return 'without shortcuts it has learnt little more than to guess'
  if (differs) return plain < residual ? 'shortcuts help' : 'here the plain network is ahead'
  return Math.abs(plain - residual) < ALIKE
    ? 'the plain network learns as well'
    : 'on so few images the difference may be chance'
}

/** Whether an accuracy is hardly better than guessing. */
function isGuess(accuracy: number, classes: number | undefined): boolean {
  const chance = 1 / (classes ?? Infinity)
  return accuracy < Math.min(2 * chance, chance + (1 - chance) / 10)
}

/** How much of the gradient reaches the first layer during training. */
function gradient(plain: GradientFlow, residual: GradientFlow): string[] {
  const [first, last] = [mainLayers(plain).at(0), mainLayers(plain).at(-1)]
  const reached = reachOf(plain)
  const [without, withThem] = [reached, reachOf(residual)].map(reach =>
    median(reach.map(({ ratio }) => ratio))
  )
  if (!first || !last || first === last || Number.isNaN(without) || Number.isNaN(withThem)) return []
  const lowest = reached.reduce((low, reach) => (reach.ratio < low.ratio ? reach : low))
  const least =
    without < 1 / FAR && lowest.ratio < without
      ? `, and down to ${formatRatio(lowest.ratio)} (at step ${formatCount(lowest.after + 1)})`
      : ''
  return [
    `In the plain network the gradient that reaches ${layerName(first)} is ${timesOf(without)} ${layerName(last)}'s ` +
      `in the median of all samples${least}; with shortcuts it is ${formatRatio(withThem)}. ${gradientVerdict(without, withThem)}`
  ]
}

function gradientVerdict(plain: number, residual: number): string {
  const vanished = [plain, residual].map(ratio => ratio < 1 / FAR)
  const exploded = [plain, residual].map(ratio => ratio > FAR)
  if (vanished[0] && vanished[1]) return 'It vanishes on its way in both.'
  const isAlike = Math.max(plain / residual, residual / plain) < ALIKE_GRADIENT
  const isApart = vanished[0] !== vanished[1] || exploded[0] !== exploded[1]
  if (isAlike && isApart) return 'The two are too close together to conclude anything.'
  if (vanished[0]) return 'Without shortcuts it vanishes on its way to the first layers.'
  if (vanished[1]) return 'Here it is the residual network whose gradient vanishes.'
  if (exploded[0] && !exploded[1]) return 'Without shortcuts it grows out of measure on its way.'
  if (exploded[0] || exploded[1]) return 'It grows out of measure on its way.'
  return 'In both it gets through, so these two do not show what shortcuts do for the gradient.'
}

/** `1/17 of`, `0.42 of`, `2.0 times`. */
function timesOf(ratio: number): string {
  return `${formatRatio(ratio)} ${ratio < 1 ? 'of' : 'times'}`
}

/** The gradient before the first step: it may explode there and vanish later. */
function atTheStart(plain: GradientFlow, residual: GradientFlow): string[] {
  const [without, withThem] = [plain, residual].map(
    flow => reachOf(flow).find(({ after }) => after === 0)?.ratio
  )
  if (without === undefined || withThem === undefined || !(without > FAR || without < 1 / FAR)) return []
  const how = without > FAR ? 'grows on its way back' : 'is lost on its way back already'
  return [
    `Before the first step the plain network's gradient ${how}: the first layer's is ${timesOf(without)} the last one's, ` +
      `with shortcuts ${formatRatio(withThem)}.`
  ]
}

function blocks(residual: GradientFlow): string[] {
  const [start, end] = [ratiosAt(residual, 0), ratiosAt(residual, -1)]
  if (start.length === 0 || end.length === 0) return []
  const range = (ratios: readonly number[]): string =>
    ratios.length === 1
      ? formatRatio(ratios[0])
      : `${formatRatio(Math.min(...ratios))} to ${formatRatio(Math.max(...ratios))} (median ${formatRatio(median(ratios))})`
  const middle = median(end)
  const verdict =
    middle < 0.5
      ? 'most blocks only touch up what they are given'
      : middle < 1
        ? 'most blocks add less than they are given'
        : 'most blocks add more than they are given'
  return [
    `‖F(x)‖ / ‖x‖ of the residual network's ${counted(end.length, 'block', 'blocks')} is ${range(start)} at the start ` +
      `and ${range(end)} at the end: ${verdict}.`
  ]
}

function zeroAtTheStart(zeroInit: GradientFlow, residual: GradientFlow): string[] {
  const [start, end] = [ratiosAt(zeroInit, 0), ratiosAt(zeroInit, -1)]
  if (start.length === 0) return []
  const isIdentity = start.every(ratio => ratio === 0)
  const began = isIdentity
    ? `With zeroed last normalisations F(x) = 0 in ${start.length === 1 ? 'the only block' : `all ${formatCount(start.length)} blocks`} at the start: each sum F(x) + x is x`
    : `Of ${counted(start.length, 'block', 'blocks')} that were to start with F(x) = 0, ${formatCount(start.filter(ratio => ratio !== 0).length)} did not`
  const [accuracy, beside] = [endAccuracy(zeroInit), endAccuracy(residual)]
  const came =
    accuracy === undefined || beside === undefined
      ? ''
      : `, and ${formatShare(accuracy)} of the held-out images are found, ${formatShare(beside)} from the usual start`
  return [`${began}. At the end the median of ‖F(x)‖ / ‖x‖ is ${formatRatio(median(end))}${came}.`]
}
