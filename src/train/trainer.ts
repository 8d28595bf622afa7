// Runs training steps on an engine that holds the weights.
import {
  aBoolean,
  anObject,
  aString,
  checkArguments,
  checkOptions,
  decay,
  instanceOf,
  listOf,
  required,
  wholeNumber
} from '../base/options.js'
import { engineFor } from '../compile/shared-engines.js'
import { usualLoss } from '../nn/losses.js'
import { modesOf, type Modes } from '../nn/trace/trace.js'
import { namedHolders, Module } from '../nn/module/module.js'
import { Parameter } from '../nn/module/parameter.js'
import { checkOptim } from '../optim/optimizer.js'
import { matchesName, matchesAny, expectMatches, parameterGroups } from '../optim/parameter-groups.js'
import { toFloat32 } from '../tensor/convert.js'
import { aStateDict, type StateDict } from '../tensor/state-dict.js'
import { BATCHES, checkBatch, type Batch } from './step/batch.js'
import { EVALUATE_OPTIONS, measure, type EvaluateOptions, type Evaluated } from './evaluate.js'
import { MOST_STEPS } from './record/record.js'
import { Programs } from './step/programs.js'
import { stepperOf, type StepResult } from './step/step.js'
import { TrainError } from './train-error.js'
import { TRAINER_OPTIONS, type TrainerOptions } from './trainer-options.js'
import { averagedStateDict, checkTensors, initialTensors, type TrainerState } from './trainer-state.js'

const NETWORK = instanceOf(Module)

/** Trains a network. Overlapping calls are queued. */
export interface Trainer extends AsyncDisposable {
  readonly net: Module
  /** Steps done. */
  readonly steps: number
  /** Batches per step. */
  readonly accumulate: number
  /**
   * Trains on one batch, in the modes that the network's modules have at the call: `eval()` on a batch normalisation keeps
   * its statistics, on a dropout everything (torch: the same). With `transfer`, the images' memory is moved to the engine
   * instead of copied.
   * @throws TrainError when labels do not fit the network, or all of it is in evaluation mode.
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
 * Prepares a network for training: copies its values to the engine. `stateDict()` copies them back. Each step follows the
 * modes of the network's modules, but for parts that `freeze` names, which stay in evaluation mode.
 *
 * @throws TrainError when all of the network is in evaluation mode, or every parameter is frozen.
 * @throws OptimError when an option is out of range, or a pattern matches no parameter.
 * @example
 * const net = new Sequential(new Flatten(), new Linear(4, 2))
 * const trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.1, momentum: 0.9 }), loss: crossEntropy() })
 * const { loss } = await trainer.step({ images: randn([8, 1, 2, 2]), labels: [0, 1, 0, 1, 0, 1, 0, 1] })
 * await trainer.stateDict()
 */
export async function createTrainer(net: Module, options: TrainerOptions): Promise<Trainer> {
  checkOptim('createTrainer', options, TRAINER_OPTIONS)
  checkArguments('createTrainer', { net }, { net: NETWORK })
  if (options.ema) checkOptim('createTrainer: ema', options.ema, { decay: required(decay) })
  assertTrains('createTrainer', modesOf(net))
  const frozen = freeze(net, options.freeze ?? [])
  /** The modes of a step: `train()` on the network does not undo what the trainer was told to freeze. */
  const modesNow = (): Modes => {
    const modes = modesOf(net)
    assertTrains('step', modes)
    return new Map(Array.from(modes, ([module, training]) => [module, training && !frozen.has(module)]))
  }
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
  const { accumulate = 1, loss = usualLoss() } = options
  const programs = new Programs(net, engine)
  const held = { programs, state, loss }
  const stepper = stepperOf(options, settings, held)
  let last: Promise<unknown> = Promise.resolve()
  /** Runs after all earlier calls, even failed ones. */
  const inTurn = <R>(run: () => Promise<R>): Promise<R> => {
    const result = last.then(run, run)
    last = result.catch(() => undefined)
    return result
  }
  const dispose = (): Promise<void> =>
    inTurn(async () => {
      await programs.dispose()
      await state.dispose()
    })
  return {
    net,
    accumulate,
    get steps() {
      return stepper.count.steps
    },
    async step(batch, given = {}) {
      checkBatch('step', batch)
      const { transfer = false } = checkOptions('step', given, STEP_OPTIONS)
      const modes = modesNow()
      return inTurn(() => stepper.step(batch, modes, transfer))
    },
    async evaluate(batches, given = {}) {
      checkOptions('evaluate', given, EVALUATE_OPTIONS)
      checkArguments('evaluate', { batches }, { batches: BATCHES })
      if (given.averaged && !options.ema) {
        throw new TrainError('There is no moving average of the weights; create the trainer with { ema }')
      }
      return inTurn(() => measure(held, batches, given))
    },
    stateDict: () =>
      inTurn(async () => {
        const holders = namedHolders(net)
        const tensors = await state.read(holders.map(([name]) => name))
        for (const [name, holder] of holders) {
          const tensor = tensors.get(name)
          if (tensor) holder.data = holder instanceof Parameter ? toFloat32(tensor) : tensor
        }
        return net.stateDict()
      }),
    averagedStateDict: () => inTurn(async () => averagedStateDict(net, await state.read())),
    save: () => inTurn(async () => ({ tensors: await state.read(), ...stepper.count })),
    restore: saved =>
      inTurn(async () => {
        checkArguments('restore', { state: saved }, { state: STATE })
        const { tensors, steps, batches } = saved
        checkArguments('restore', { tensors, steps, batches }, SAVED)
        checkTensors(tensors, initialTensors(net, options))
        await state.write(tensors)
        stepper.count = { steps, batches }
      }),
    dispose,
    [Symbol.asyncDispose]: dispose
  }
}

const STATE = anObject<TrainerState>('a state, as save gives it', 'tensors')
const SAVED = { tensors: aStateDict, steps: wholeNumber(0, MOST_STEPS), batches: wholeNumber(0, MOST_STEPS) }
const STEP_OPTIONS = { transfer: aBoolean }

/**
 * Freezes the parameters that match patterns (`conv1`, `layer1`, `*.bias`) and sets matching modules to evaluation mode, so
 * that frozen batch normalisation neither uses nor updates batch statistics. `net.train()` undoes the mode (torch: the same).
 * @returns the modules that were set to evaluation mode.
 * @throws OptimError for a pattern without a match, listing near names.
 */
export function freeze(net: Module, patterns: readonly string[]): ReadonlySet<Module> {
  checkArguments('freeze', { net, patterns }, { net: NETWORK, patterns: listOf(aString) })
  const parameters = [...net.namedParameters()]
  const names = parameters.map(([name]) => name)
  expectMatches(patterns, names)
  for (const [name, parameter] of parameters) {
    if (matchesAny(patterns, name)) parameter.requiresGrad = false
  }
  const frozen = new Set<Module>()
  for (const [name, module] of net.namedModules()) {
    if (patterns.some(pattern => matchesName(pattern, name))) frozen.add(module)
  }
  for (const module of frozen) module.training = false
  return frozen
}

/** @throws TrainError when no module is in training mode: whoever calls `eval()` to look at results forgets `train()`. */
function assertTrains(owner: string, modes: Modes): void {
  if (Array.from(modes.values()).some(Boolean)) return
  const [[net]] = modes
  throw new TrainError(
    `${owner}: all of ${net.typeName} is in evaluation mode, in which dropout and batch statistics do not train; call net.train() first, then eval() on the parts that should stay in it`
  )
}
