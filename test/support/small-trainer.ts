// Trainers on one engine for all tests of a process, which ends with it.
import { createEngine, createTrainer, sgd, type Engine, type Module, type Trainer } from 'resnet-ts'
import type { Batch, StepResult, TrainerOptions } from 'resnet-ts/train'

/** One thread, so that steps are deterministic. */
export const engine = createEngine({ threads: 1 })

export const optimizer = sgd({ lr: 0.05, momentum: 0.9 })

/** A trainer with the default optimiser, unless options override it. */
export function start(net: Module, options: Partial<TrainerOptions> = {}): Promise<Trainer> {
  return createTrainer(net, { optimizer, engine, ...options })
}

/** Trains on batches in order. */
export async function steps(trainer: Trainer, batches: readonly Batch[]): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const batch of batches) results.push(await trainer.step(batch))
  return results
}

/** An engine whose runtime has no kernels for images in blocks of channels. */
export function withoutBlocks(whole: Engine): Engine {
  const dispose = (): Promise<void> => whole.dispose()
  return {
    get isOpen() {
      return whole.isOpen
    },
    load: program => {
      const refuses = Buffer.from(program.onnx).includes('com.microsoft.nchwc')
      return refuses ? Promise.reject(new Error('no such operators')) : whole.load(program)
    },
    createState: (tensors, options) => whole.createState(tensors, options),
    dispose,
    [Symbol.asyncDispose]: dispose
  }
}

/** The layouts in which steps run: in blocks where the runtime has kernels for them, and without. */
export const LAYOUTS: readonly { readonly layout: string; readonly start: typeof start }[] = [
  { layout: 'in blocks', start },
  {
    layout: 'as they are',
    start: (net, options) => start(net, { engine: plainEngine, ...options })
  }
]
const plainEngine = withoutBlocks(engine)
