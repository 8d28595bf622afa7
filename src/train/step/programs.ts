// A training run's programs, one per shape and type of batch, made on demand.
import type { Loss, TargetForm } from '../../nn/losses.js'
import type { Module } from '../../nn/module/module.js'
import { inModes, type Modes } from '../../nn/trace/trace.js'
import type { Engine, LoadedProgram } from '../../runtime/engine.js'
import { formatShape } from '../../tensor/tensor.js'
import { countClasses } from './batch.js'
import { PORTS } from './ports.js'
import type { EvaluationGraph, MicroBatch, TrainingGraph, TrainingGraphOptions } from './training-graph.js'

const maker = () => import('./make-program.js')

/** A program for one kind of batch, and its target form. */
export interface Evaluation {
  readonly program: LoadedProgram
  readonly target: TargetForm
  /** Number of classes. */
  readonly classes: number
}
/** A program for a training step, with its graph's ports. */
export type Training = Evaluation & Pick<TrainingGraph, 'noise' | 'trained'>

/** Makes and caches programs. Each must run before the next is requested. */
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

  /** @param modes of the network's modules in this step. */
  training(options: TrainingGraphOptions, modes: Modes): Promise<Training> {
    const { input, loss, microBatch = 'last' } = options
    return this.#steps[microBatch].get(`${keyOf(input, loss)} ${patternOf(modes)}`, async room => {
      const { trainingGraph } = await maker()
      const step = inModes(this.#net, modes, () => trainingGraph(this.#net, options))
      // A diverged step commits nothing.
      const commitIf = [PORTS.loss, PORTS.gradientNorms, ...(microBatch === 'last' ? [PORTS.nextSums] : [])]
      await room
      return { ...(await this.#load(step, commitIf)), noise: step.noise, trained: step.trained }
    })
  }

  evaluation(input: readonly number[], loss: Loss, averaged: boolean): Promise<Evaluation> {
    return this.#evaluations[averaged ? 'averaged' : 'current'].get(keyOf(input, loss), async room => {
      const { evaluationGraph } = await maker()
      const pass = evaluationGraph(this.#net, { input, loss }, averaged)
      await room
      return this.#load(pass)
    })
  }

  async #load({ graph, state, target }: EvaluationGraph, commitIf?: readonly string[]): Promise<Evaluation> {
    const options = { name: this.#net.typeName, state, ...(commitIf && { commitIf }) }
    const { loadOnState } = await maker()
    const program = await loadOnState(this.#engine, graph, options)
    const output = graph.outputs.find(({ name }) => name === PORTS.output)
    return { program, target, classes: countClasses(target, Number(output?.value.shape.at(-1))) }
  }

  async dispose(): Promise<void> {
    const kinds = [...Object.values(this.#steps), ...Object.values(this.#evaluations)]
    await Promise.all(kinds.map(recent => recent.dispose()))
  }
}

function keyOf(input: readonly number[], loss: Loss): string {
  // A loss and its soft form have the same name.
  return `${formatShape(input)} ${loss.name} ${loss.soft ? 'classes' : 'values'}`
}

function patternOf(modes: Modes): string {
  return Array.from(modes.values(), Number).join('')
}

/** Full batches, an epoch's last one, and one with skipped images; each holds memory for all activations. */
const KEPT = 3

/**
 * Caches programs; the least recently used one is freed for a new one. Callers run a program before they request the next;
 * as engines answer in order, a program is never freed during its run.
 */
class RecentPrograms<P extends { readonly program: LoadedProgram }> {
  /** Most recently used last. */
  readonly #made = new Map<string, Promise<P>>()

  /** @param make is called at once, and awaits `room` before loading; a failure is not cached. */
  get(key: string, make: (room: Promise<void>) => Promise<P>): Promise<P> {
    const made = this.#made.get(key) ?? make(this.#makeRoom())
    this.#made.delete(key)
    this.#made.set(key, made)
    made.catch(() => {
      if (this.#made.get(key) === made) this.#made.delete(key)
    })
    return made
  }

  /** Frees programs before another is loaded. */
  async #makeRoom(): Promise<void> {
    const excess = [...this.#made].slice(0, Math.max(0, this.#made.size - KEPT + 1))
    for (const [key] of excess) this.#made.delete(key)
    // If the engine failed, everything is freed; the next load reports it.
    await Promise.allSettled(excess.map(([, made]) => free(made)))
  }

  async dispose(): Promise<void> {
    const all = [...this.#made.values()]
    this.#made.clear()
    await Promise.all(all.map(free))
  }
}

async function free(made: Promise<{ readonly program: LoadedProgram }>): Promise<void> {
  // A failed program holds nothing, and its caller has the error.
  const found = await made.catch(() => undefined)
  await found?.program.dispose()
}
