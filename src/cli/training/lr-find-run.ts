// A search for a learning rate from the command line.
import type { Loader } from '../../data/loader.js'
import { terminalChart } from '../../report/terminal-chart.js'
import { ResnetError } from '../../tensor/errors.js'
import { findLearningRate, searchedRate } from '../../train/lr-find.js'
import { createTrainer } from '../../train/trainer.js'
import { buildNetwork } from './build-network.js'
import { openRun, trainingLoader } from './open-run.js'
import type { DataOptions, StepOptions } from './train-options.js'
import { stepOptions } from './trainer-options.js'

/** What can be said on the command line. */
export interface LrFindOptions extends DataOptions, StepOptions {
  readonly from: number
  readonly to: number
  readonly steps: number
  readonly json?: boolean
}

/** Searches, and prints what was found. */
export async function lrFind(path: string, options: LrFindOptions): Promise<void> {
  const { from, to, steps } = options
  if (from >= to) throw new ResnetError(`--from ${from} --to ${to}: the last rate must be above the first`)
  const opened = await openRun(path, options)
  const net = await buildNetwork({ ...opened.network, weights: options.weights, seed: options.seed })
  await using loader = trainingLoader(opened, options)
  await using trainer = await createTrainer(net, {
    ...stepOptions(options),
    schedule: step => searchedRate(options, step),
    // Each rate is tried on one batch.
    accumulate: 1
  })
  const isShown = process.stderr.isTTY && options.json !== true
  let tried = 0
  const search = await findLearningRate(batch => trainer.step(batch), epochs(loader), {
    steps,
    onPoint: ({ learningRate, smoothed }) => {
      tried++
      if (isShown)
        process.stderr.write(
          `\r${tried}/${steps}  lr ${format(learningRate)}  loss ${smoothed.toFixed(4)}\u001b[K`
        )
    }
  })
  if (isShown) process.stderr.write('\r\u001b[K')
  if (options.json) {
    process.stdout.write(`${JSON.stringify(search, undefined, 2)}\n`)
    return
  }
  const { points, steepest, careful, diverged } = search
  const chart = terminalChart(
    [
      {
        name: `smoothed loss, rates ${format(from)} … ${format(points.at(-1)?.learningRate ?? from)}`,
        mark: '•',
        values: points.map(({ smoothed }) => smoothed)
      }
    ],
    { width: Math.min(process.stdout.columns || 80, 100), height: 14 }
  )
  process.stdout.write(`${chart}\n\n`)
  process.stdout.write(
    steepest === undefined
      ? 'The loss never fell: try other rates with --from and --to, or another optimiser.\n'
      : `The loss fell fastest at ${format(steepest)}; it was lowest at ${format(10 * careful)}${diverged ? ', and training broke down after that' : ''}.\nBegin with --lr ${format(steepest)}, or more carefully with --lr ${format(careful)}.\n`
  )
}

/** Batches without end, epoch after epoch. */
async function* epochs(loader: Loader): ReturnType<Loader['epoch']> {
  for (let epoch = 0; ; epoch++) yield* loader.epoch(epoch)
}

function format(rate: number): string {
  return Number(rate.toPrecision(2)).toString()
}
