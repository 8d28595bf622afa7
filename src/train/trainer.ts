// Runs training steps on an engine that holds the weights.
import { aBoolean, checkOptions, decay, required } from '../base/options.js'
import { engineFor } from '../compile/shared-engines.js'
import { crossEntropy } from '../nn/losses.js'
import { namedHolders, type Module } from '../nn/module.js'
import { Parameter } from '../nn/parameter.js'
import { checkOptim } from '../optim/optimizer.js'
import { parameterGroups, type ParameterSettings } from '../optim/parameter-groups.js'
import type { Engine, EngineState } from '../runtime/engine.js'
import { toFloat32 } from '../tensor/convert.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { Batch } from './batch.js'
import { EVALUATE_OPTIONS, Evaluator, type EvaluateOptions, type Evaluated } from './evaluator.js'
import { freeze } from './freeze.js'
import { Programs } from './programs.js'
import { Stepper, type StepResult } from './step.js'
import { TrainError } from './train-error.js'
import { TRAINER_OPTIONS, type TrainerOptions } from './trainer-options.js'
import { averagedStateDict, checkTensors, initialTensors, type TrainerState } from './trainer-state.js'

/** Trains a network. Overlapping calls are queued. */
export interface Trainer extends AsyncDisposable {
  readonly net: Module
  /** Steps done. */
  readonly steps: number
  /** Batches per step. */
  readonly accumulate: number
  /**
   * Trains on one batch. With `transfer`, the images' memory is moved to the engine instead of copied.
   * @throws TrainError when labels do not fit the network.
   * @throws NonFiniteError when the loss, a gradient or a new weight is not finite; the weights are unchanged.
   */
  step(batch: Batch, options?: { readonly transfer?: boolean }): Promise<StepResult>
  /** Measures loss and accuracy over batches, in evaluation mode. */
  evaluate(batches: AsyncIterable<Batch> | Iterable<Batch>, options?: EvaluateOptions): Promise<Evaluated>
  /** Copies the trained values to the network and returns its state dict. */
  stateDict(): Promise<StateDict>
  /** The moving average of the weights as a state dict; the network is unchanged. */
  averagedStateDict(): Promise<StateDict>
  /** Copies the whole state. */
  save(): Promise<TrainerState>
  /** Restores a saved state. @throws TrainError when it is of another network or optimiser. */
  restore(state: TrainerState): Promise<void>
  /** Frees the memory. The network keeps the values of the last `stateDict()`. */
  dispose(): Promise<void>
}

/**
 * Prepares a network for training: sets training mode and copies its values to the engine. `stateDict()` copies them back.
 *
 * @throws OptimError when an option is out of range, or a pattern matches no parameter.
 * @example
 * const net = new Sequential(new Flatten(), new Linear(4, 2))
 * const trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.1, momentum: 0.9 }), loss: crossEntropy() })
 * const { loss } = await trainer.step({ images: randn([8, 1, 2, 2]), labels: [0, 1, 0, 1, 0, 1, 0, 1] })
 * await trainer.stateDict()
 */
export async function createTrainer(net: Module, options: TrainerOptions): Promise<Trainer> {
  checkOptim('createTrainer', options, TRAINER_OPTIONS)
  if (options.ema) checkOptim('createTrainer: ema', options.ema, { decay: required(decay) })
  net.train()
  freeze(net, options.freeze ?? [])
  const settings = parameterGroups(net, {
    weightDecay: options.optimizer.weightDecay,
    groups: options.groups ?? [],
    noDecayOnNormAndBias: options.noDecayOnNormAndBias ?? false
  })
  if (![...net.parameters()].some(({ requiresGrad }) => requiresGrad)) {
    throw new TrainError('Every parameter is frozen: there is nothing to train')
  }
  const engine = engineFor(options)
  const state = await engine.createState(initialTensors(net, options))
  return new EngineTrainer(net, options, settings, { engine, state })
}

const STEP_OPTIONS = { transfer: aBoolean }

class EngineTrainer implements Trainer {
  readonly net: Module
  readonly accumulate: number
  readonly #options: TrainerOptions
  readonly #state: EngineState
  readonly #programs: Programs
  readonly #stepper: Stepper
  readonly #evaluator: Evaluator
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    net: Module,
    options: TrainerOptions,
    settings: ReadonlyMap<string, ParameterSettings>,
    { engine, state }: { readonly engine: Engine; readonly state: EngineState }
  ) {
    const programs = new Programs(net, engine)
    this.net = net
    this.accumulate = options.accumulate ?? 1
    this.#options = options
    this.#state = state
    this.#programs = programs
    this.#stepper = new Stepper(net, options, settings, { programs, state })
    this.#evaluator = new Evaluator(programs, state, options.loss ?? crossEntropy())
  }

  get steps(): number {
    return this.#stepper.count.steps
  }

  step(batch: Batch, options: { readonly transfer?: boolean } = {}): Promise<StepResult> {
    const { transfer = false } = checkOptions('step', options, STEP_OPTIONS)
    return this.#inTurn(() => this.#stepper.step(batch, transfer))
  }

  evaluate(
    batches: AsyncIterable<Batch> | Iterable<Batch>,
    options: EvaluateOptions = {}
  ): Promise<Evaluated> {
    checkOptions('evaluate', options, EVALUATE_OPTIONS)
    if (options.averaged && !this.#options.ema) {
      return Promise.reject(
        new TrainError('There is no moving average of the weights; create the trainer with { ema }')
      )
    }
    return this.#inTurn(() => this.#evaluator.evaluate(batches, options))
  }

  stateDict(): Promise<StateDict> {
    return this.#inTurn(async () => {
      const holders = namedHolders(this.net)
      const tensors = await this.#state.read(holders.map(([name]) => name))
      for (const [name, holder] of holders) {
        const tensor = tensors.get(name)
        if (tensor) holder.data = holder instanceof Parameter ? toFloat32(tensor) : tensor
      }
      return this.net.stateDict()
    })
  }

  averagedStateDict(): Promise<StateDict> {
    return this.#inTurn(async () => averagedStateDict(this.net, await this.#state.read()))
  }

  save(): Promise<TrainerState> {
    return this.#inTurn(async () => ({ tensors: await this.#state.read(), ...this.#stepper.count }))
  }

  restore({ tensors, steps, batches }: TrainerState): Promise<void> {
    return this.#inTurn(async () => {
      checkTensors(tensors, initialTensors(this.net, this.#options))
      await this.#state.write(tensors)
      this.#stepper.count = { steps, batches }
    })
  }

  dispose(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#programs.dispose()
      await this.#state.dispose()
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }

  /** Runs after all earlier calls, even failed ones. */
  #inTurn<R>(run: () => Promise<R>): Promise<R> {
    const result = this.#last.then(run, run)
    this.#last = result.catch(() => undefined)
    return result
  }
}
