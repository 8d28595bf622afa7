// A whole step of training as one graph: forward pass, loss, gradients, the statistics of batch normalisation and the
// optimiser's update. Parameters, buffers and what the optimiser remembers come in as state and go out as its next value.
import { gradients } from '../autodiff/gradients.js'
import * as F from '../ir/functional/index.js'
import { collectGraph, type Graph, type GraphOutput } from '../ir/graph.js'
import { graphInput, state } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { reachedFrom } from '../ir/reach.js'
import type { Loss, TargetForm } from '../nn/losses/loss.js'
import type { Module } from '../nn/module.js'
import { namedHolders } from '../nn/named-holders.js'
import type { ModuleBuffer, Parameter } from '../nn/parameter.js'
import { traceTraining } from '../nn/trace.js'
import { clipByGlobalNorm } from '../optim/clip-gradients.js'
import type { WeightAverage } from '../optim/ema.js'
import type { Optimizer } from '../optim/optimizer.js'
import type { ParameterSettings } from '../optim/parameter-groups.js'
import { sumOfEach } from '../optim/building-blocks.js'
import type { StateSlot } from '../runtime/engine.js'
import { accumulatedName, averageName, nextName, slotName } from './state-names.js'
import { withInputNames } from './state-slots.js'
import { TrainError } from './train-error.js'

/** Which of several batches that make one step together a graph is for. */
export type MicroBatch =
  /** The first of several: gradients are put aside. */
  | 'first'
  /** One between: gradients are added to those put aside. */
  | 'middle'
  /** The last of several, or the only one: gradients are complete and the parameters move. */
  | 'last'

/** What a step is made of. */
export interface TrainingGraphOptions {
  /** The batch's shape, all numbers. */
  readonly input: readonly number[]
  readonly loss: Loss
  readonly optimizer: Optimizer
  /** Of every parameter, by name. */
  readonly settings: ReadonlyMap<string, ParameterSettings>
  /** The most that all gradients together may measure. */
  readonly clipNorm?: number | undefined
  readonly average?: WeightAverage | undefined
  /** How many batches make a step; default 1. */
  readonly accumulate?: number
  /** Default `last`. */
  readonly microBatch?: MicroBatch
}

/** A step as a graph, and what its inputs and outputs mean. */
export interface TrainingGraph {
  readonly graph: Graph
  readonly state: readonly StateSlot[]
  readonly target: TargetForm
  /** Inputs to be fed with numbers uniform in [0, 1). */
  readonly noise: readonly Value[]
  /** Parameters that are trained, in the order of `gradient_norms` and `next_sums`. */
  readonly trained: readonly string[]
}

/** Names of a step's inputs and outputs that are not state. */
export const PORTS = {
  images: 'x',
  target: 'target',
  learningRate: 'learning_rate',
  loss: 'loss',
  output: 'logits',
  /** One number for each trained parameter: how long its gradient is. */
  gradientNorms: 'gradient_norms',
  /** One number for each trained parameter, of a step that moves them: it is finite where all its next values are. */
  nextSums: 'next_sums'
} as const

/** The name of an input for one of the optimiser's scalars. */
export function scalarPort(name: string): string {
  return `scalar/${name}`
}

/**
 * Writes a step of training as a graph. Modules train as their modes say: a frozen batch normalisation in `eval` mode
 * keeps its statistics. Only what leads to parameters that require gradients is differentiated.
 * @throws ShapeError when the batch does not fit the network, naming the module.
 * @throws TrainError when the loss depends on no parameter.
 */
export function trainingGraph(net: Module, options: TrainingGraphOptions): TrainingGraph {
  const { loss, optimizer, accumulate = 1, microBatch = 'last' } = options
  const { input: images, output, effects, nameOf } = traceTraining(net, options.input)
  const form = loss.target(output.shape)
  const target = graphInput(PORTS.target, form.shape, form.dtype)
  const lossValue = loss.apply(output, target)

  const trained = learnedParameters(net, lossValue)
  const computed = gradients(
    lossValue,
    trained.map(([, parameter]) => state(parameter))
  )
  const slots = new Slots()
  for (const [name, holder] of namedHolders(net)) slots.read(name, state(holder))

  const parts = computed.map(gradient => (accumulate === 1 ? gradient : F.div(gradient, accumulate)))
  const sums = trained.map(([name], i) => slots.accumulate(name, parts[i], accumulate, microBatch))
  const norms = F.sqrt(sumOfEach(sums.map(sum => F.mul(sum, sum))))
  const learningRate = graphInput(PORTS.learningRate, [])
  const scalars = new Map(
    Object.keys(optimizer.scalars(1)).map(name => [name, graphInput(scalarPort(name), [])] as const)
  )

  const names = bufferNames(net)
  const moved: Value[] = []
  for (const [buffer, next] of effects.updates) slots.write(names.get(buffer) ?? '', next)
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
        scalar: scalar => known(scalars, scalar)
      })
      moved.push(update.parameter)
      slots.write(name, update.parameter)
      for (const [slot, next] of Object.entries(update.slots)) slots.write(slotName(slot, name), next)
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
    // Adding them up is the cheapest check of them all.
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

/** The trained parameters: as with torch's optimisers, one that the loss does not depend on is left alone. */
function learnedParameters(net: Module, loss: Value): (readonly [name: string, parameter: Parameter])[] {
  const met = reachedFrom([loss])
  const learned = [...net.namedParameters()].filter(
    ([, parameter]) => parameter.requiresGrad && met.has(state(parameter))
  )
  if (learned.length === 0) throw new TrainError('training: the loss depends on no trainable parameter')
  return learned
}

/** Everything that is averaged: parameters, and buffers of floats, so that the average is a network of its own. */
function averageWeights(net: Module, slots: Slots, average: WeightAverage): void {
  for (const [name, holder] of namedHolders(net)) {
    if (holder.dtype !== 'float32') continue
    const before = slots.input(averageName(name), holder.shape)
    slots.write(averageName(name), average(before, slots.next(name) ?? state(holder)))
  }
}

function bufferNames(net: Module): ReadonlyMap<ModuleBuffer, string> {
  return new Map([...net.namedBuffers()].map(([name, buffer]) => [buffer, name]))
}

function known(scalars: ReadonlyMap<string, Value>, name: string): Value {
  const value = scalars.get(name)
  if (!value) throw new TypeError(`the optimiser asked for a scalar '${name}' that it did not declare`)
  return value
}

/** The state that a step reads and writes, by name. */
class Slots {
  readonly #read = new Map<string, Value>()
  readonly #written = new Map<string, Value>()

  /** A value of the network that is state already. */
  read(name: string, value: Value): void {
    this.#read.set(name, value)
  }

  /** A state that only the step knows of. */
  input(name: string, shape: readonly number[]): Value {
    const found = this.#read.get(name) ?? graphInput(name, shape)
    this.#read.set(name, found)
    return found
  }

  write(name: string, next: Value): void {
    this.#written.set(name, next)
  }

  next(name: string): Value | undefined {
    return this.#written.get(name)
  }

  /** A gradient together with those that earlier batches put aside; puts the sum aside itself if more follow. */
  accumulate(name: string, gradient: Value, batches: number, microBatch: MicroBatch): Value {
    const aside = accumulatedName(name)
    const isFirst = batches === 1 || microBatch === 'first'
    const shape = gradient.shape.map(Number)
    const sum = isFirst ? gradient : F.add(this.input(aside, shape), gradient)
    if (microBatch !== 'last') this.write(aside, sum)
    return sum
  }

  inputs(): Value[] {
    return [...this.#read.values()].filter(({ origin }) => origin.kind === 'input')
  }

  outputs(): GraphOutput[] {
    return [...this.#written].map(([name, value]) => ({ name: nextName(name), value }))
  }

  /** The slots that a graph reads or writes. */
  used(graph: Graph): StateSlot[] {
    return [...new Set([...this.#read.keys(), ...this.#written.keys()])].flatMap((name): StateSlot[] => {
      const value = this.#read.get(name)
      const from = value && graph.names.get(value)
      const isWritten = this.#written.has(name)
      if (from === undefined && !isWritten) return []
      return [
        {
          name,
          ...(from === undefined ? {} : { input: from }),
          ...(isWritten ? { output: nextName(name) } : {})
        }
      ]
    })
  }
}
