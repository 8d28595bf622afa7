// Trains a residual network and its plain twin on the same batches and records their gradients.
import {
  aFunction,
  checkArguments,
  checkOptions,
  listOf,
  positiveInteger,
  type Check,
  type OptionsOf
} from '../../base/options.js'
import { engineFor } from '../../compile/shared-engines.js'
import { aNetwork, anInputShape } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { ENGINE, type Engine } from '../../runtime/engine.js'
import { counted } from '../../base/figures.js'
import { ResnetError } from '../../base/errors.js'
import { findResidualSums } from './flow-graph.js'
import { forwardGraph } from './flow-probe.js'
import {
  FLOW_OPTIONS,
  firstImages,
  plannedSteps,
  recordGradientFlow,
  type FlowProgress,
  type GradientFlow
} from './gradient-flow.js'

/** A network's variant: F(x), F(x) + x, or F(x) + x with F(x) = 0 at the start. */
export type TwinForm = 'plain' | 'residual' | 'zeroInit'

export const TWIN_FORMS: readonly TwinForm[] = ['plain', 'residual', 'zeroInit']

/** A value per variant. */
export interface OfTwins<T> {
  readonly plain: T
  readonly residual: T
  readonly zeroInit?: T
}

/** Networks that differ only in their shortcuts. */
export interface Twins extends OfTwins<Module> {
  readonly name: string
}

/** The recordings of one set of twins. */
export interface TwinFlows extends OfTwins<GradientFlow> {
  readonly name: string
}

/** The recordings of several sets of twins: plain data. */
export interface FlowComparison {
  readonly twins: readonly TwinFlows[]
  /** Planned steps. */
  readonly steps: number
  readonly stepsPerEpoch: number
  /** The number of classes, for the accuracy of guessing. */
  readonly classes?: number
  /** Whether all planned steps were recorded. */
  readonly finished: boolean
}

const { engine: _, ...FLOW } = FLOW_OPTIONS

const OPTIONS = {
  ...FLOW,
  /** Networks train in parallel, one per engine; default one after the other on the shared engine. */
  engines: listOf(ENGINE),
  classes: positiveInteger,
  onStep: aFunction<(progress: FlowProgress & { readonly name: string; readonly form: TwinForm }) => void>(),
  /** Called when a network has finished. */
  onFlow: aFunction<(flow: GradientFlow, of: { readonly name: string; readonly form: TwinForm }) => void>()
}

/** Options of `compareGradientFlow`. */
export interface CompareFlowOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Trains twins alike and records the gradient flow of each. They start from their current weights: for equal ones, load
 * the residual network's into the plain one.
 * @throws ResnetError where a residual network has no sum F(x) + x, or its plain twin has as many.
 * @throws TrainError when there are no batches, or an option is out of range.
 * @example
 * const residual = cifar_resnet8({ inChannels: 1 })
 * const plain = cifar_resnet8({ inChannels: 1, residual: false })
 * plain.loadStateDict(residual.stateDict(), { strict: false })
 * const train = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()], dropLast: true })
 * const optimizer = sgd({ lr: 0.1, momentum: 0.9 })
 * const { twins } = await compareGradientFlow([{ name: 'mine', plain, residual }], { train, optimizer, steps: 2 })
 * twins[0].plain.losses.length // 2
 */
export async function compareGradientFlow(
  twins: readonly Twins[],
  options: CompareFlowOptions
): Promise<FlowComparison> {
  checkOptions('compareGradientFlow', options, OPTIONS)
  checkArguments('compareGradientFlow', { twins }, { twins: listOf(SOME_TWINS) })
  const { engines = [engineFor(options)], classes, onStep, onFlow, ...rest } = options
  const { steps } = plannedSteps(options)
  const probe = options.probe ?? (await firstImages(options.train))
  for (const each of twins) assertTwins(each, probe.shape)

  const found = twins.map((): Partial<Record<TwinForm, GradientFlow>> => ({}))
  const waiting = twins.flatMap((each, pair) =>
    TWIN_FORMS.flatMap(form => {
      const net = each[form]
      return net ? [{ name: each.name, pair, form, net }] : []
    })
  )
  // A failure stops the other runs, whose results would be discarded.
  const failure = new AbortController()
  const signal = AbortSignal.any([failure.signal, ...(options.signal ? [options.signal] : [])])
  const trainOn = async (engine: Engine): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { name, pair, form, net } = next
      const flow = await recordGradientFlow(net, {
        ...rest,
        probe,
        engine,
        signal,
        ...(onStep ? { onStep: progress => onStep({ ...progress, name, form }) } : {})
      })
      found[pair][form] = flow
      onFlow?.(flow, { name, form })
    }
  }
  const stopAll = (error: unknown): never => {
    failure.abort()
    throw error
  }
  const ends = await Promise.allSettled(engines.map(engine => trainOn(engine).catch(stopAll)))
  for (const end of ends) if (end.status === 'rejected') throw end.reason

  const flows = found.map(({ plain, residual, ...others }, pair): TwinFlows => {
    if (plain && residual) return { name: twins[pair].name, plain, residual, ...others }
    throw new ResnetError('compareGradientFlow: engines: expected at least one, got none')
  })
  return {
    twins: flows,
    steps,
    stepsPerEpoch: options.train.length,
    ...(classes === undefined ? {} : { classes }),
    finished: found.every(each => Object.values(each).every(({ ended }) => ended !== 'stopped'))
  }
}

const SOME_TWINS: Check<Twins> = {
  expected: 'twins such as { name, plain, residual }, of two networks',
  accepts: value =>
    typeof value === 'object' &&
    value !== null &&
    'plain' in value &&
    'residual' in value &&
    [value.plain, value.residual].every(aNetwork.accepts)
}

/**
 * Rejects twins that do not differ in shortcuts.
 * @param shape shape of a batch, all numbers.
 * @throws ResnetError where the residual network has no sum F(x) + x, or its plain twin has as many.
 */
export function assertTwins(twins: Twins, shape: readonly number[]): void {
  checkArguments('assertTwins', { twins, shape }, { twins: SOME_TWINS, shape: anInputShape })
  const { name, plain, residual } = twins
  const [without, sums] = [plain, residual].map(
    net => findResidualSums(forwardGraph(net, shape).graph).length
  )
  if (sums === 0) {
    throw new ResnetError(`${name} has no shortcuts, no sum F(x) + x: it is its own plain twin`)
  }
  if (without >= sums) {
    const both = `${counted(sums, 'sum F(x) + x', 'sums F(x) + x')}, and its plain twin ${without}`
    throw new ResnetError(`${name} has ${both}: they cannot show what shortcuts do`)
  }
}
