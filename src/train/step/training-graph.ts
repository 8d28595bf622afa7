// A training step, or an evaluation, as one graph: parameters, buffers and optimiser state are inputs, their next values outputs.
import { gradients } from '../../autodiff/gradients.js'
import * as F from '../../ir/functional/index.js'
import { collectGraph, reachedFrom, type Graph, type GraphOutput } from '../../ir/graph.js'
import { graphInput, state } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { accumulatedName, averageName, slotName } from '../../networks/network-tensors.js'
import type { Loss, TargetForm } from '../../nn/losses.js'
import { namedHolders, type Module } from '../../nn/module/module.js'
import type { Parameter } from '../../nn/module/parameter.js'
import { traceEvaluation, traceTraining } from '../../nn/trace/trace.js'
import { clipByGlobalNorm, sumOfEach, type WeightAverage } from '../../optim/building-blocks.js'
import type { ParameterSettings } from '../../optim/parameter-groups.js'
import type { StateSlot } from '../../runtime/engine.js'
import { TrainError } from '../train-error.js'
import type { TrainerOptions } from '../trainer-options.js'
import { PORTS, scalarPort } from './ports.js'

/** Position of a batch within its step. */
export type MicroBatch =
  /** The first of several: stores gradients. */
  | 'first'
  /** One between: adds gradients. */
  | 'middle'
  /** The last or only one: completes the gradients and updates parameters. */
  | 'last'

export interface TrainingGraphOptions extends Pick<TrainerOptions, 'optimizer' | 'clipNorm' | 'accumulate'> {
  /** The batch's shape, all numbers. */
  readonly input: readonly number[]
  readonly loss: Loss
  /** Settings by parameter name. */
  readonly settings: ReadonlyMap<string, ParameterSettings>
  readonly average?: WeightAverage | undefined
  /** Default `last`. */
  readonly microBatch?: MicroBatch
}

/** An evaluation of a batch as a graph, with the weights as state. */
export interface EvaluationGraph {
  readonly graph: Graph
  readonly state: readonly StateSlot[]
  readonly target: TargetForm
}

export interface TrainingGraph extends EvaluationGraph {
  /** Inputs for random numbers, uniform in [0, 1). */
  readonly noise: readonly Value[]
  /** Trained parameters, in the order of `gradient_norms` and `next_sums`. */
  readonly trained: readonly string[]
}

/**
 * Builds a training step. Modules keep their modes: frozen batch normalisation in `eval` mode keeps its statistics.
 * @throws ShapeError naming the module when the batch does not fit the network.
 * @throws TrainError when the loss depends on no parameter.
 */
export function trainingGraph(net: Module, options: TrainingGraphOptions): TrainingGraph {
  const { loss, optimizer, accumulate = 1, microBatch = 'last' } = options
  const { input: images, output, effects, nameOf } = traceTraining(net, options.input)
  const form = loss.target(output.shape)
  const target = graphInput(PORTS.target, form.shape, form.dtype)
  const lossValue = loss.apply(output, target)

  const trained = learnedParameters(net, lossValue, effects.assigned)
  const learned = trained.map(([, parameter]) => state(parameter))
  const computed = gradients(lossValue, learned, effects.assigned)
  const slots = new Slots(namedHolders(net).map(([name, holder]) => [name, state(holder)]))

  const parts = computed.map(gradient => (accumulate === 1 ? gradient : F.div(gradient, accumulate)))
  const sums = trained.map(([name], i) => slots.accumulate(name, parts[i], accumulate, microBatch))
  const norms = F.sqrt(sumOfEach(sums.map(sum => F.mul(sum, sum))))
  const learningRate = graphInput(PORTS.learningRate, [])
  const scalars = new Map(
    Object.keys(optimizer.scalars(1)).map(name => [name, graphInput(scalarPort(name), [])] as const)
  )

  const names = new Map(Array.from(net.namedBuffers(), ([name, buffer]) => [buffer, name]))
  const moved: Value[] = []
  for (const [buffer, next] of effects.updates) slots.written.set(names.get(buffer) ?? '', next)
  if (microBatch === 'last') {
    const clipped = options.clipNorm === undefined ? sums : clipByGlobalNorm(sums, options.clipNorm)
    for (const [i, [name, parameter]] of trained.entries()) {
      const { lrScale, weightDecay } = options.settings.get(name) ?? { lrScale: 1, weightDecay: 0 }
      const update = optimizer.update({
        parameter: state(parameter),
        gradient: clipped[i],
        learningRate: lrScale === 1 ? learningRate : F.mul(learningRate, lrScale),
        weightDecay,
        slot: slot => slots.input(slotName(slot, name), parameter.shape),
        scalar: scalar => {
          const value = scalars.get(scalar)
          if (value) return value
          throw new TypeError(`the optimiser asked for a scalar '${scalar}' that it did not declare`)
        }
      })
      moved.push(update.parameter)
      slots.written.set(name, update.parameter)
      for (const [slot, next] of Object.entries(update.slots)) slots.written.set(slotName(slot, name), next)
    }
    if (options.average) averageWeights(net, slots, options.average)
  }

  const inputs = [
    images,
    target,
    ...(microBatch === 'last' ? [learningRate, ...scalars.values()] : []),
    ...effects.noise
  ]
  const outputs: GraphOutput[] = [
    { name: PORTS.loss, value: lossValue },
    { name: PORTS.output, value: output },
    { name: PORTS.gradientNorms, value: norms },
    // A sum is the cheapest check of finiteness.
    ...(moved.length > 0 ? [{ name: PORTS.nextSums, value: sumOfEach(moved) }] : []),
    ...slots.outputs()
  ]
  const graph = collectGraph([...inputs, ...slots.inputs()], outputs, withInputNames(nameOf))
  return {
    graph,
    state: slots.used(graph),
    target: form,
    noise: effects.noise,
    trained: trained.map(([name]) => name)
  }
}

/**
 * Builds an evaluation: output and loss in evaluation mode; if `averaged`, with the moving average of the weights.
 * @throws ShapeError naming the module when the batch does not fit the network.
 */
export function evaluationGraph(
  net: Module,
  { input: shape, loss }: Pick<TrainingGraphOptions, 'input' | 'loss'>,
  averaged = false
): EvaluationGraph {
  const { input: images, output, nameOf } = traceEvaluation(net, shape)
  const form = loss.target(output.shape)
  const target = graphInput(PORTS.target, form.shape, form.dtype)
  const outputs = [
    { name: PORTS.loss, value: loss.apply(output, target) },
    { name: PORTS.output, value: output }
  ]
  const graph = collectGraph([images, target], outputs, withInputNames(nameOf))
  return { graph, state: slotsRead(graph, net, averaged), target: form }
}

/** Names of a graph's values, with states under input names of their own, distinct from a step's ports. */
export function withInputNames(
  nameOf: (value: Value) => string | undefined
): (value: Value) => string | undefined {
  return value => {
    const name = nameOf(value)
    return value.origin.kind === 'state' && name !== undefined ? `state/${name}` : name
  }
}

/** The state that a graph reads: if `averaged`, moving averages where there are any. */
export function slotsRead(graph: Graph, net: Module, averaged = false): StateSlot[] {
  const names = new Map(namedHolders(net).map(([name, holder]) => [state(holder), name]))
  return graph.values.flatMap((value): StateSlot[] => {
    const [name, input] = [names.get(value), graph.names.get(value)]
    if (name === undefined || input === undefined) return []
    return [{ name: averaged && value.dtype === 'float32' ? averageName(name) : name, input }]
  })
}

/** Trained parameters; as in torch, those that the loss does not depend on are skipped. */
function learnedParameters(
  net: Module,
  loss: Value,
  constants: ReadonlySet<Value>
): (readonly [name: string, parameter: Parameter])[] {
  const met = reachedFrom([loss], value => constants.has(value))
  const learned = [...net.namedParameters()].filter(
    ([, parameter]) => parameter.requiresGrad && met.has(state(parameter))
  )
  if (learned.length === 0) throw new TrainError('training: the loss depends on no trainable parameter')
  return learned
}

/** Averages parameters and float buffers, so that the average is a complete network. */
function averageWeights(net: Module, slots: Slots, average: WeightAverage): void {
  for (const [name, holder] of namedHolders(net)) {
    if (holder.dtype !== 'float32') continue
    const before = slots.input(averageName(name), holder.shape)
    slots.written.set(averageName(name), average(before, slots.written.get(name) ?? state(holder)))
  }
}

/** The output that becomes a state's next value. */
function nextName(name: string): string {
  return `next/${name}`
}

/** The state that a step reads and writes. */
class Slots {
  readonly #read: Map<string, Value>
  /** Next values. */
  readonly written = new Map<string, Value>()

  /** @param network the network's parameters and buffers. */
  constructor(network: Iterable<readonly [name: string, value: Value]>) {
    this.#read = new Map(network)
  }

  /** A state of the step's own. */
  input(name: string, shape: readonly number[]): Value {
    const found = this.#read.get(name) ?? graphInput(name, shape)
    this.#read.set(name, found)
    return found
  }

  /** Adds accumulated gradients; stores the sum if more batches follow. */
  accumulate(name: string, gradient: Value, batches: number, microBatch: MicroBatch): Value {
    const aside = accumulatedName(name)
    const isFirst = batches === 1 || microBatch === 'first'
    const sum = isFirst ? gradient : F.add(this.input(aside, gradient.shape.map(Number)), gradient)
    if (microBatch !== 'last') this.written.set(aside, sum)
    return sum
  }

  inputs(): Value[] {
    return [...this.#read.values()].filter(({ origin }) => origin.kind === 'input')
  }

  outputs(): GraphOutput[] {
    return [...this.written].map(([name, value]) => ({ name: nextName(name), value }))
  }

  used(graph: Graph): StateSlot[] {
    const names = new Set([...this.#read.keys(), ...this.written.keys()])
    return [...names].flatMap((name): StateSlot[] => {
      const value = this.#read.get(name)
      const input = value && graph.names.get(value)
      const output = this.written.has(name) ? nextName(name) : undefined
      if (input === undefined && output === undefined) return []
      return [{ name, ...(input !== undefined && { input }), ...(output !== undefined && { output }) }]
    })
  }
}
