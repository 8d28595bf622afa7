// The trainer: makes steps with an engine that holds the weights meanwhile. It knows batches, not where they come from.
import { sharedEngine } from '../compile.js'
import { crossEntropy } from '../nn/losses/cross-entropy.js'
import type { Loss } from '../nn/losses/loss.js'
import type { Module } from '../nn/module.js'
import { Parameter } from '../nn/parameter.js'
import { checkDecay, checkPositive } from '../optim/check.js'
import { ema } from '../optim/ema.js'
import type { Optimizer } from '../optim/optimizer.js'
import { parameterGroups, type ParameterGroup } from '../optim/parameter-groups.js'
import type { Schedule } from '../optim/schedules.js'
import type { DeviceRequest, Engine, EngineState, NamedTensors } from '../runtime/engine.js'
import { toFloat32 } from '../tensor/convert.js'
import { deriveSeed } from '../tensor/derive-seed.js'
import { Generator } from '../tensor/generator.js'
import type { StateDict } from '../tensor/state-dict.js'
import { sizeOf, Tensor, zeros } from '../tensor/tensor.js'
import { indicesOf, lossFor, predictions, targetTensor, type Batch } from './batch.js'
import { Evaluator, type EvaluateOptions, type Evaluated } from './evaluator.js'
import { freeze } from './freeze.js'
import { Programs, type Training } from './programs.js'
import { accumulatedName, averagedName, averageName, slotName } from './state-names.js'
import { NonFiniteError, TrainError, type NamedGradient } from './train-error.js'
import { PORTS, scalarPort, type Share, type TrainingGraphOptions } from './training-graph.js'

/** How a network is trained. */
export interface TrainerOptions {
  readonly optimizer: Optimizer
  /** Default `crossEntropy()`. */
  readonly loss?: Loss
  /** The learning rate of every step; default the optimiser's, always. */
  readonly schedule?: Schedule
  /** Parameters with settings of their own, by name: `{ match: 'layer1', lrScale: 0.1 }`. */
  readonly groups?: readonly ParameterGroup[]
  /** No weight decay for biases and for scales and shifts of normalisations; default false. */
  readonly noDecayOnNormAndBias?: boolean
  /** Makes all gradients together at most this long (torch: `clip_grad_norm_`). */
  readonly clipNorm?: number
  /** So many batches make one step, whose gradient is the mean of theirs; default 1. */
  readonly accumulate?: number
  /** Keeps a moving average of the weights beside them; `decay` is how much of the past is kept at each step. */
  readonly ema?: { readonly decay: number }
  /** Parts of the network that stay as they are, by name: `conv1`, `layer1`, `*.bias`. */
  readonly freeze?: readonly string[]
  /** Of the random numbers of layers such as dropout; default 0. */
  readonly seed?: number
  /** Where to train; default `cpu`. */
  readonly device?: DeviceRequest
  /** An engine to train on; by default all networks of a process share one for each device. */
  readonly engine?: Engine
}

/** What a batch did. */
export interface StepResult {
  /** How many steps there have been, this one included. */
  readonly step: number
  readonly loss: number
  /** The share of images whose largest output was their label's; nothing where labels are not class indices. */
  readonly accuracy: number | undefined
  /** How many images have a class for a label. */
  readonly labelled: number
  readonly learningRate: number
  /** `‖g‖₂` of all gradients together, before clipping. */
  readonly gradientNorm: number
  /** `‖g‖₂` of each trained parameter's gradient, by its name. */
  readonly gradientNorms: ReadonlyMap<string, number>
  /** The network's output. Shape: (N, K). */
  readonly output: Tensor
  /** False where the gradient was only put aside for a later batch of the same step. */
  readonly updated: boolean
}

/** All that a run needs to go on elsewhere as if nothing had happened. */
export interface TrainerState {
  readonly tensors: NamedTensors
  readonly steps: number
  readonly batches: number
}

/** Trains a network. Calls may overlap: they take their turn. */
export interface Trainer extends AsyncDisposable {
  readonly net: Module
  /** Steps made so far. */
  readonly steps: number
  /**
   * Trains on one batch. The images' memory is given to the engine with `transfer`, which saves a copy.
   * @throws TrainError when labels do not fit the network.
   * @throws NonFiniteError when the loss or a gradient is not finite; the weights stay as they were.
   */
  step(batch: Batch, options?: { readonly transfer?: boolean }): Promise<StepResult>
  /** Measures loss and accuracy over batches, in evaluation mode. */
  evaluate(batches: AsyncIterable<Batch> | Iterable<Batch>, options?: EvaluateOptions): Promise<Evaluated>
  /** Brings the trained values back into the network and returns its state dict. */
  stateDict(): Promise<StateDict>
  /** The moving average of the weights as a state dict; the network itself is left as it is. */
  averagedStateDict(): Promise<StateDict>
  /** Copies everything out, to be kept. */
  save(): Promise<TrainerState>
  /**
   * Goes on from what was saved.
   * @throws TrainError when it is another network's or another optimiser's.
   */
  restore(state: TrainerState): Promise<void>
  /** Frees the memory. The network keeps the values of the last `stateDict()`. */
  dispose(): Promise<void>
}

/**
 * Makes a network ready to be trained: the network goes into training mode, and its values to the engine. They come back
 * with `stateDict()`.
 *
 * @throws OptimError when an option is out of range, or a pattern matches no parameter.
 * @example
 * const net = new Sequential(new Flatten(), new Linear(4, 2))
 * const trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.1, momentum: 0.9 }), loss: crossEntropy() })
 * const { loss } = await trainer.step({ images: randn([8, 1, 2, 2]), labels: [0, 1, 0, 1, 0, 1, 0, 1] })
 * await trainer.stateDict()
 */
export async function createTrainer(net: Module, options: TrainerOptions): Promise<Trainer> {
  const { optimizer, accumulate = 1 } = options
  if (!Number.isInteger(accumulate))
    throw new TrainError(`accumulate: expected a whole number, got ${accumulate}`)
  checkPositive('createTrainer', { accumulate, clipNorm: options.clipNorm ?? 1 })
  if (options.ema) checkDecay('createTrainer', options.ema)
  net.train()
  freeze(net, options.freeze ?? [])
  const settings = parameterGroups(net, {
    weightDecay: optimizer.weightDecay,
    groups: options.groups ?? [],
    noDecayOnNormAndBias: options.noDecayOnNormAndBias ?? false
  })
  if (![...net.parameters()].some(({ requiresGrad }) => requiresGrad)) {
    throw new TrainError('Every parameter is frozen: there is nothing to train')
  }
  const engine = options.engine ?? sharedEngine(options.device ?? 'cpu')
  const state = await engine.createState(initialTensors(net, options))
  return new EngineTrainer(net, options, engine, state, settings)
}

/** The network's values, and what is kept beside them, as it is before the first step. */
function initialTensors(
  net: Module,
  { optimizer, accumulate = 1, ema: average }: TrainerOptions
): NamedTensors {
  const tensors: Record<string, Tensor> = {}
  for (const [name, holder] of [...net.namedParameters(), ...net.namedBuffers()]) {
    tensors[name] = holder.data
    if (average && holder.dtype === 'float32') tensors[averageName(name)] = holder.data
  }
  for (const [name, { shape, requiresGrad }] of net.namedParameters()) {
    if (!requiresGrad) continue
    for (const slot of optimizer.slots) tensors[slotName(slot, name)] = zeros(shape)
    if (accumulate > 1) tensors[accumulatedName(name)] = zeros(shape)
  }
  return tensors
}

class EngineTrainer implements Trainer {
  readonly net: Module
  readonly #options: TrainerOptions
  readonly #loss: Loss
  readonly #state: EngineState
  readonly #programs: Programs
  readonly #evaluator: Evaluator
  readonly #graph: Omit<TrainingGraphOptions, 'input' | 'loss'>
  /** Which modules train and which are frozen; somebody may call `eval()` on the network between two steps. */
  readonly #modes: ReadonlyMap<Module, boolean>
  #steps = 0
  #batches = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    net: Module,
    options: TrainerOptions,
    engine: Engine,
    state: EngineState,
    settings: TrainingGraphOptions['settings']
  ) {
    this.net = net
    this.#modes = new Map(Array.from(net.modules(), module => [module, module.training]))
    this.#options = options
    this.#loss = options.loss ?? crossEntropy()
    this.#state = state
    this.#programs = new Programs(net, engine)
    this.#evaluator = new Evaluator(this.#programs, state, this.#loss)
    const { optimizer, clipNorm, accumulate = 1 } = options
    this.#graph = { optimizer, settings, clipNorm, accumulate, average: options.ema && ema(options.ema) }
  }

  get steps(): number {
    return this.#steps
  }

  step(batch: Batch, { transfer = false } = {}): Promise<StepResult> {
    return this.#inTurn(() => this.#step(batch, transfer))
  }

  async #step(batch: Batch, transfer: boolean): Promise<StepResult> {
    const { accumulate = 1, schedule, optimizer } = this.#options
    const share = shareOf(this.#batches % accumulate, accumulate)
    const loss = lossFor(this.#loss, batch)
    const { images } = batch
    for (const [module, mode] of this.#modes) module.training = mode
    const training = await this.#programs.training({ ...this.#graph, input: images.shape, loss, share })
    const target = targetTensor(batch, training.target, training.classes, this.#loss.ignoreIndex)
    const learningRate = schedule?.(this.#steps, optimizer.learningRate) ?? optimizer.learningRate
    const inputs = {
      [PORTS.images]: images,
      [PORTS.target]: target,
      ...(share === 'last' ? this.#scalars(learningRate) : {}),
      ...this.#noise(training)
    }
    const results = await training.program.run(inputs, { state: this.#state, transfer })
    const result = this.#resultOf(results, training.trained, batch, { learningRate, share })
    this.#batches++
    if (result.updated) this.#steps++
    return result
  }

  #scalars(learningRate: number): Record<string, Tensor> {
    const scalars = Object.entries(this.#options.optimizer.scalars(this.#steps + 1))
    return {
      [PORTS.learningRate]: scalarTensor(learningRate),
      ...Object.fromEntries(scalars.map(([name, value]) => [scalarPort(name), scalarTensor(value)]))
    }
  }

  /** Random numbers that depend on the batch's place in the run alone. */
  #noise({ noise }: Training): Record<string, Tensor> {
    const { seed = 0 } = this.#options
    return Object.fromEntries(
      noise.map(({ shape, origin }, i) => {
        const sizes = shape.map(Number)
        const numbers = new Generator(deriveSeed(seed, this.#batches, i)).uniform(sizeOf(sizes))
        return [origin.kind === 'input' ? origin.name : '', new Tensor(numbers, sizes, 'float32')]
      })
    )
  }

  #resultOf(
    results: NamedTensors,
    trained: readonly string[],
    batch: Batch,
    { learningRate, share }: { learningRate: number; share: Share }
  ): StepResult {
    const loss = Number(results[PORTS.loss].data[0])
    const norms = Array.from(results[PORTS.gradientNorms].data, Number)
    const step = this.#steps + 1
    if (![loss, ...norms].every(Number.isFinite)) {
      const named = trained.map((parameter, i): NamedGradient => ({ parameter, norm: norms[i] }))
      throw new NonFiniteError(step, loss, largestOf(named), batch.paths)
    }
    const output = results[PORTS.output]
    const updated = share === 'last'
    return {
      step: updated ? step : this.#steps,
      loss,
      ...accuracyOf(output, indicesOf(batch), this.#loss.ignoreIndex),
      learningRate,
      gradientNorm: Math.hypot(...norms),
      gradientNorms: new Map(trained.map((parameter, i) => [parameter, norms[i]])),
      output,
      updated
    }
  }

  evaluate(batches: AsyncIterable<Batch> | Iterable<Batch>, options?: EvaluateOptions): Promise<Evaluated> {
    if (options?.averaged && !this.#options.ema) {
      return Promise.reject(
        new TrainError('There is no moving average of the weights: ask for it with { ema }')
      )
    }
    return this.#inTurn(() => this.#evaluator.evaluate(batches, options))
  }

  stateDict(): Promise<StateDict> {
    return this.#inTurn(async () => {
      const holders = [...this.net.namedParameters(), ...this.net.namedBuffers()]
      const tensors = await this.#state.read(holders.map(([name]) => name))
      for (const [name, holder] of holders) {
        if (holder instanceof Parameter) holder.data = toFloat32(tensors[name])
        else holder.data = tensors[name]
      }
      return this.net.stateDict()
    })
  }

  averagedStateDict(): Promise<StateDict> {
    return this.#inTurn(async () => {
      const tensors = await this.#state.read()
      const averages = Object.entries(tensors).flatMap(([name, tensor]) => {
        const averaged = averagedName(name)
        return averaged === undefined ? [] : [[averaged, tensor] as const]
      })
      const byName = new Map(averages)
      // A layer under two names is kept under the first.
      const holders = [...this.net.namedParameters(), ...this.net.namedBuffers()]
      const kept = new Map<Tensor, string>(holders.map(([name, { data }]) => [data, name]))
      return new Map(
        Array.from(this.net.stateDict(), ([key, tensor]) => {
          const name = kept.get(tensor) ?? key
          return [key, byName.get(name) ?? tensors[name]]
        })
      )
    })
  }

  save(): Promise<TrainerState> {
    return this.#inTurn(async () => ({
      tensors: await this.#state.read(),
      steps: this.#steps,
      batches: this.#batches
    }))
  }

  restore({ tensors, steps, batches }: TrainerState): Promise<void> {
    return this.#inTurn(async () => {
      const expected = initialTensors(this.net, this.#options)
      const faults = [
        ...Object.keys(expected).flatMap(name => (name in tensors ? [] : [`${name} is missing`])),
        ...Object.entries(tensors).flatMap(([name, { shape }]) => {
          if (!(name in expected)) return [`${name} is not known`]
          const { shape: wanted } = expected[name]
          return wanted.join() === shape.join()
            ? []
            : [`${name} is [${shape.join(', ')}], not [${wanted.join(', ')}]`]
        })
      ]
      if (faults.length > 0) {
        const shown = faults.slice(0, 5).join('; ')
        const more = faults.length > 5 ? `; and ${faults.length - 5} more` : ''
        throw new TrainError(`The saved state is not this training's: ${shown}${more}`)
      }
      await this.#state.write(tensors)
      this.#steps = steps
      this.#batches = batches
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

  /** Waits for earlier calls; one that failed stops no later one. */
  #inTurn<R>(run: () => Promise<R>): Promise<R> {
    const result = this.#last.then(run, run)
    this.#last = result.catch(() => undefined)
    return result
  }
}

function shareOf(place: number, count: number): Share {
  if (place === count - 1) return 'last'
  return place === 0 ? 'first' : 'middle'
}

function scalarTensor(value: number): Tensor<'float32'> {
  return new Tensor(Float32Array.of(value), [], 'float32')
}

function accuracyOf(
  output: Tensor,
  labels: readonly number[] | undefined,
  ignoreIndex: number | undefined
): Pick<StepResult, 'accuracy' | 'labelled'> {
  if (!labels || output.shape.length !== 2) return { accuracy: undefined, labelled: 0 }
  const labelled = labels.filter(label => label !== ignoreIndex).length
  const correct = predictions(output).filter((index, i) => index === labels[i]).length
  return { accuracy: labelled === 0 ? undefined : correct / labelled, labelled }
}

function largestOf(gradients: readonly NamedGradient[]): NamedGradient | undefined {
  const size = ({ norm }: NamedGradient): number => (Number.isFinite(norm) ? norm : Infinity)
  return gradients.reduce<NamedGradient | undefined>(
    (largest, gradient) => (largest && size(largest) >= size(gradient) ? largest : gradient),
    undefined
  )
}
