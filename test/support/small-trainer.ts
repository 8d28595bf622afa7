// Trainers on one engine for all tests of a process, which ends with it.
import { createEngine, createTrainer, sgd, type Module, type Trainer } from 'resnet-ts'
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
