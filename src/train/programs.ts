// The programs of a training run, one for each form of batch, made when a batch of that form first comes.
import { loadOnState } from '../compile.js'
import type { Graph } from '../ir/graph.js'
import type { Loss, TargetForm } from '../nn/losses/loss.js'
import type { Module } from '../nn/module.js'
import type { Engine, LoadedProgram } from '../runtime/engine.js'
import { formatShape } from '../tensor/tensor.js'
import { evaluationGraph } from './evaluation-graph.js'
import { countClasses } from './target.js'
import { PORTS, trainingGraph, type TrainingGraph, type TrainingGraphOptions } from './training-graph.js'

/** A program for one form of batch, and the form of target it is fed. */
export interface Evaluation {
  readonly program: LoadedProgram
  readonly target: TargetForm
  /** How many classes a label can name. */
  readonly classes: number
}
/** A program that makes a step, and what its graph's inputs and outputs mean. */
export type Training = Evaluation & Pick<TrainingGraph, 'noise' | 'trained'>

/** Makes programs, and keeps them. */
export class Programs {
  readonly #net: Module
  readonly #engine: Engine
  readonly #made = new Map<string, Promise<Evaluation>>()
  readonly #steps = new Map<string, Promise<Training>>()

  constructor(net: Module, engine: Engine) {
    this.#net = net
    this.#engine = engine
  }

  /** The program of a step for such a batch. */
  training(options: TrainingGraphOptions): Promise<Training> {
    const { input, loss, share = 'last' } = options
    return kept(this.#steps, keyOf(input, loss, share), async () => {
      const { graph, state, target, noise, trained } = trainingGraph(this.#net, options)
      // A step that broke down changes nothing.
      const commitIf = [PORTS.loss, PORTS.gradientNorms]
      const program = await loadOnState(this.#engine, graph, { name: this.#net.typeName, state, commitIf })
      return { program, target, noise, trained, classes: classesOf(graph, target) }
    })
  }

  /** The program of an evaluation for such a batch. */
  evaluation(input: readonly number[], loss: Loss, averaged: boolean): Promise<Evaluation> {
    return kept(this.#made, keyOf(input, loss, averaged ? 'averaged' : 'current'), async () => {
      const { graph, state, target } = evaluationGraph(this.#net, { input, loss, averaged })
      const program = await loadOnState(this.#engine, graph, { name: this.#net.typeName, state })
      return { program, target, classes: classesOf(graph, target) }
    })
  }

  /** Frees all programs. */
  async dispose(): Promise<void> {
    const all = [...this.#made.values(), ...this.#steps.values()]
    this.#made.clear()
    this.#steps.clear()
    await Promise.all(all.map(async made => (await made).program.dispose()))
  }
}

async function kept<P>(made: Map<string, Promise<P>>, key: string, make: () => Promise<P>): Promise<P> {
  const found = made.get(key) ?? make()
  made.set(key, found)
  // One that could not be made is not kept: another batch may fit.
  found.catch(() => made.delete(key))
  return found
}

function keyOf(input: readonly number[], loss: Loss, what: string): string {
  // A loss for classes and its soft form have the same name.
  return `${formatShape(input)} ${loss.name} ${loss.soft ? 'classes' : 'values'} ${what}`
}

function classesOf({ outputs }: Graph, target: TargetForm): number {
  const output = outputs.find(({ name }) => name === PORTS.output)
  return countClasses(target, Number(output?.value.shape.at(-1)))
}
