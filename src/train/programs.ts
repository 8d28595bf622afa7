// The programs of a training run, one for each form of batch, made when a batch of that form comes.
import { loadOnState } from '../compile/load-program.js'
import type { Graph } from '../ir/graph.js'
import type { Loss, TargetForm } from '../nn/losses/loss.js'
import type { Module } from '../nn/module.js'
import type { Engine, LoadedProgram } from '../runtime/engine.js'
import { formatShape } from '../tensor/tensor.js'
import { evaluationGraph } from './evaluation-graph.js'
import { RecentPrograms } from './recent-programs.js'
import { countClasses } from './target.js'
import {
  PORTS,
  trainingGraph,
  type MicroBatch,
  type TrainingGraph,
  type TrainingGraphOptions
} from './training-graph.js'

/** A program for one form of batch, and the form of target it is fed. */
export interface Evaluation {
  readonly program: LoadedProgram
  readonly target: TargetForm
  /** How many classes a label can name. */
  readonly classes: number
}
/** A program that makes a step, and what its graph's inputs and outputs mean. */
export type Training = Evaluation & Pick<TrainingGraph, 'noise' | 'trained'>

/** Makes programs and keeps the recent ones. Each is run before the next is requested. */
export class Programs {
  readonly #net: Module
  readonly #engine: Engine
  readonly #steps: Readonly<Record<MicroBatch, RecentPrograms<Training>>> = {
    first: new RecentPrograms(),
    middle: new RecentPrograms(),
    last: new RecentPrograms()
  }
  readonly #evaluations = {
    current: new RecentPrograms<Evaluation>(),
    averaged: new RecentPrograms<Evaluation>()
  }

  constructor(net: Module, engine: Engine) {
    this.#net = net
    this.#engine = engine
  }

  /** The program of a step for such a batch. */
  training(options: TrainingGraphOptions): Promise<Training> {
    const { input, loss, microBatch = 'last' } = options
    return this.#steps[microBatch].get(keyOf(input, loss), async room => {
      const { graph, state, target, noise, trained } = trainingGraph(this.#net, options)
      // A step that diverges changes nothing.
      const commitIf = [PORTS.loss, PORTS.gradientNorms, ...(microBatch === 'last' ? [PORTS.nextSums] : [])]
      await room
      const program = await loadOnState(this.#engine, graph, { name: this.#net.typeName, state, commitIf })
      return { program, target, noise, trained, classes: classesOf(graph, target) }
    })
  }

  /** The program of an evaluation for such a batch. */
  evaluation(input: readonly number[], loss: Loss, averaged: boolean): Promise<Evaluation> {
    return this.#evaluations[averaged ? 'averaged' : 'current'].get(keyOf(input, loss), async room => {
      const { graph, state, target } = evaluationGraph(this.#net, { input, loss, averaged })
      await room
      const program = await loadOnState(this.#engine, graph, { name: this.#net.typeName, state })
      return { program, target, classes: classesOf(graph, target) }
    })
  }

  /** Frees all programs. */
  async dispose(): Promise<void> {
    const kinds = [...Object.values(this.#steps), ...Object.values(this.#evaluations)]
    await Promise.all(kinds.map(recent => recent.dispose()))
  }
}

function keyOf(input: readonly number[], loss: Loss): string {
  // A loss for classes and its soft form have the same name.
  return `${formatShape(input)} ${loss.name} ${loss.soft ? 'classes' : 'values'}`
}

function classesOf({ outputs }: Graph, target: TargetForm): number {
  const output = outputs.find(({ name }) => name === PORTS.output)
  return countClasses(target, Number(output?.value.shape.at(-1)))
}
