import { terminalChart } from '../../train/terminal/terminal-chart.js'
import { ResnetError } from '../../base/errors.js'
import { findLearningRate, searchedRate, type LrSearch } from '../../train/lr-find.js'
import { createTrainer } from '../../train/trainer.js'
import {
  clearLine,
  printJson,
  printText,
  progressDrawer,
  print,
  styled,
  type Line
} from '../terminal/output.js'
import { namedBatches, SkippedPictures, type NamedBatches } from '../data/named-batches.js'
import { openRun, stepOptions, trainingLoader } from '../data/open-run.js'
import type { DataOptions, StepOptions } from '../data/data-options.js'

export interface LrFindOptions extends DataOptions, StepOptions {
  readonly from: number
  readonly to: number
  readonly steps: number
  readonly json?: boolean
}

export async function lrFind(path: string, options: LrFindOptions): Promise<void> {
  const { from, to, steps } = options
  if (from >= to) throw new ResnetError(`--from ${from} --to ${to}: the last rate must be above the first`)
  const opened = await openRun(path, options)
  const skipped = new SkippedPictures()
  await using loader = trainingLoader(opened, options, skipped)
  await using trainer = await createTrainer(opened.net, {
    ...stepOptions(options, opened.numClasses),
    schedule: step => searchedRate(options, step),
    // One batch per learning rate.
    accumulate: 1
  })
  const draw = progressDrawer(options.json)
  let tried = 0
  const search = await findLearningRate(batch => trainer.step(batch), epochs(namedBatches(loader, path)), {
    steps,
    onPoint: ({ learningRate, smoothed }) => {
      tried++
      draw(() => `${tried}/${steps}  lr ${format(learningRate)}  loss ${smoothed.toFixed(4)}`)
    }
  })
  clearLine()
  skipped.sumUp()
  if (options.json) {
    printJson(search)
    return
  }
  const { points } = search
  const name = `smoothed loss, rates ${format(from)} … ${format(points.at(-1)?.learningRate ?? from)}`
  const values = points.map(({ smoothed }) => smoothed)
  const width = Math.min(process.stdout.columns || 80, 100)
  const lines = terminalChart([{ name, mark: MARK, values }], { width, height: 14 }).split('\n')
  print(...lines.map(withColour))
  printText(`\n${advice(search)}`)
}

const MARK = '•'
const MARKS = new RegExp(`(${MARK}+)`)

/** A chart's line, its marks in colour where the terminal has colours. */
export function withColour(line: string): Line {
  return line.split(MARKS).map(part => (part.startsWith(MARK) ? styled('cyan', part) : part))
}

/** Of two rates whose quotient is less, one says enough. */
const ALIKE = 1.5

/** The search's result, to choose a learning rate by. */
export function advice({ points, steepest, careful, diverged }: LrSearch): string {
  if (steepest !== undefined) {
    const end = diverged ? ', and training broke down after that' : ''
    const found = `The loss fell fastest at ${format(steepest)}; it was lowest at ${format(10 * careful)}${end}.`
    const [low, high] = [steepest, careful].sort((a, b) => a - b)
    const other = high / low < ALIKE ? '' : `, or more carefully with --lr ${format(low)}`
    return `${found}\nBegin with --lr ${format(other === '' ? low : high)}${other}.`
  }
  if (!diverged) return 'The loss never fell: try other rates with --from and --to, or another optimiser.'
  const last = points.slice(1).at(-1)
  const where = last ? `at ${format(last.learningRate)}, before the loss had fallen` : 'at the first rate'
  return `Training broke down ${where}: try lower rates with --from and --to.`
}

/** Endless batches, epoch after epoch. */
async function* epochs(loader: NamedBatches): ReturnType<NamedBatches['epoch']> {
  for (let epoch = 0; ; epoch++) yield* loader.epoch(epoch)
}

function format(rate: number): string {
  return Number(rate.toPrecision(2)).toString()
}
