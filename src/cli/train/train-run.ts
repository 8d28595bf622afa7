import { basename, dirname, parse, resolve } from 'node:path'
import { createLoader } from '../../data/loader.js'
import { formatLoss, formatShare } from '../../base/figures.js'
import type { EpochRecord } from '../../train/record/record.js'
import { parseSchedule } from '../../optim/parse-schedule.js'
import { ResnetError } from '../../base/errors.js'
import { fit, type FitProgress } from '../../train/fit.js'
import { progressLine } from '../../train/terminal/progress-line.js'
import { NonFiniteError } from '../../train/train-error.js'
import type { TrainerOptions } from '../../train/trainer-options.js'
import { createTrainer } from '../../train/trainer.js'
import { isPath } from '../../networks/opening.js'
import { usualModel } from '../open-chosen.js'
import { clearLine, print, printJson, progressDrawer, say, terminalWidth } from '../terminal/output.js'
import { namedBatches, readingOptions, SkippedPictures } from '../data/named-batches.js'
import { openRun, stepOptions, trainingLoader } from '../data/open-run.js'
import { RunFolder } from './run-folder.js'
import { RunRecord } from './run-record.js'
import { assertUnlocked } from './run-lock.js'
import { findRun, restoreTrainer, settingsOf, type TrainOptions } from './saved-run.js'
import { StopSignal } from '../terminal/ending.js'

export async function train(path: string, options: TrainOptions): Promise<void> {
  const folder = new RunFolder(options.out ?? `runs/${usualFolder(options)}`)
  // Fails early, before a run is prepared.
  await assertUnlocked(folder.path)
  const opened = await openRun(path, options, folder.path)
  const { net, network } = opened
  const settings = await settingsOf(path, opened, options)
  const { exists, saved } = await findRun(folder, { settings, network }, options)

  const skipped = new SkippedPictures()
  await using loader = trainingLoader(opened, options, skipped)
  await using validation = createLoader(opened.data.validation, {
    ...readingOptions(options, skipped),
    transforms: network.transforms,
    shuffle: false
  })
  const trainer = await createTrainer(net, trainerOptions(options, loader.length))
  if (saved) await restoreTrainer(trainer, saved, folder.last)
  const unlock = await folder.open()

  const run = new RunRecord(
    {
      trainer,
      network,
      folder,
      settings,
      data: path,
      checkpointEvery: options.checkpointEvery,
      replaces: exists && saved === undefined
    },
    saved?.progress
  )
  using stop = new StopSignal()
  const showProgress = progressDisplay(options.json)
  const { finished } = await fit(trainer, {
    train: namedBatches(loader, path),
    validation: namedBatches(validation, path),
    epochs: options.epochs,
    from: run.position,
    averaged: options.ema !== undefined,
    signal: stop.signal,
    async onBatch(progress) {
      showProgress(progress)
      await run.afterBatch(progress.position, progress.result.loss)
    },
    async onEpoch(record, next, measured) {
      clearLine()
      await run.afterEpoch(record, next, measured)
      if (!options.json) print(describe(record, options.epochs))
    }
  }).catch(async (error: unknown) => {
    throw await withWhatIsKept(error, run)
  })
  clearLine()
  skipped.sumUp()
  if (!finished) {
    await run.save()
    say(`${stop.reason} and saved in ${folder.path}; continue with the same command and --resume`)
    process.exitCode = stop.exitCode
  } else if (options.json) {
    printJson(run.summary())
  } else {
    print(...run.closing())
  }
  unlock()
  await trainer.dispose()
}

/** Shows the progress of training, with the time that is left. */
function progressDisplay(json: boolean | undefined): (progress: FitProgress) => void {
  const draw = progressDrawer(json)
  const started = performance.now()
  let first: number | undefined
  return ({ epochs, batches, position: { epoch, batch, images, loss, correct, labelled, seconds } }) => {
    const done = epoch * batches + batch
    const before = (first ??= done - 1)
    draw(() => {
      const perBatch = (performance.now() - started) / 1000 / (done - before)
      const state = {
        epoch: epoch + 1,
        epochs,
        step: batch,
        steps: batches,
        loss: loss / images,
        accuracy: correct / labelled,
        imagesPerSecond: images / seconds,
        secondsLeft: (epochs * batches - done) * perBatch
      }
      return progressLine(state, process.stderr.columns || 80)
    })
  }
}

/** The default folder: by the network's name, or beside the checkpoint it starts from. */
function usualFolder(options: TrainOptions): string {
  const { model, checkpoint } = usualModel(options)
  if (checkpoint === undefined) return parse(model ?? '').name
  return `${isPath(checkpoint) ? basename(dirname(resolve(checkpoint))) : checkpoint}-tuned`
}

/** For so many batches per epoch. @throws ResnetError for an unknown optimiser or schedule, or an invalid scale. */
function trainerOptions(options: TrainOptions, batches: number): TrainerOptions {
  const { epochs, accumulate, warmup, ema } = options
  const stepsPerEpoch = Math.max(1, Math.floor(batches / accumulate))
  return {
    ...stepOptions(options),
    schedule: parseSchedule(options.schedule, {
      totalSteps: Math.max(1, Math.floor((batches * epochs) / accumulate)),
      stepsPerEpoch,
      warmupSteps: Math.round(warmup * stepsPerEpoch)
    }),
    ...(ema === undefined ? {} : { ema: { decay: ema } })
  }
}

/** Adds to an error where progress was saved. */
async function withWhatIsKept(error: unknown, run: RunRecord): Promise<unknown> {
  const kept = await run.keep().catch((reason: unknown) => {
    say(`what was trained could not be kept: ${String(reason)}`)
  })
  if (kept === undefined) return error
  // Resuming would fail at the same step.
  const isLost = error instanceof NonFiniteError
  const use = isLost ? 'to start from with --weights' : 'and --resume continues from there'
  const left = `what was trained before is kept in ${kept}, ${use}`
  if (error instanceof ResnetError) return new ResnetError(`${error.message}; ${left}`, { cause: error })
  say(left)
  return error
}

/** The columns that an epoch's line takes where there is room. */
const ROOMY = 80

function describe({ epoch, train, validation, seconds }: EpochRecord, epochs: number): string {
  const isNarrow = (terminalWidth() ?? ROOMY) < ROOMY
  const [gap, name] = isNarrow ? ['  ', 'val'] : ['   ', 'validation']
  const figures = (of: typeof train): string =>
    [formatLoss(of.loss), formatShare(of.accuracy)].join(isNarrow ? ' ' : '  ')
  const measured = validation ? [`${name} ${figures(validation)}`] : []
  const done = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`
  return [done, `train ${figures(train)}`, ...measured, `${seconds.toFixed(1)} s`].join(gap)
}
