import { basename, dirname, parse, resolve } from 'node:path'
import type { Command } from 'commander'
import { UnreadableError } from '../../data/dataset.js'
import { createLoader } from '../../data/loader.js'
import { parseSchedule } from '../../optim/parse-schedule.js'
import { ResnetError } from '../../base/errors.js'
import { counted } from '../../base/figures.js'
import { fit, type FitProgress } from '../../train/fit.js'
import { progressLine } from '../../train/terminal/progress-line.js'
import type { TrainerOptions } from '../../train/trainer-options.js'
import { createTrainer } from '../../train/trainer.js'
import { isPath } from '../../networks/opening.js'
import { usualModel } from '../open-chosen.js'
import { clearLine, print, printJson, progressDrawer, say, sayWritten } from '../terminal/output.js'
import { namedBatches, readingOptions, SkippedPictures, UnreadablePictures } from '../data/named-batches.js'
import { openRun, stepOptions, trainingLoader } from '../data/open-run.js'
import { epochLine } from './epoch-line.js'
import { RunFolder } from './run-folder.js'
import { RunRecord } from './run-record.js'
import { givenTo, withRemembered } from './remembered-options.js'
import { assertUnlocked } from './run-lock.js'
import {
  assertSameOptions,
  assertSameRun,
  findRun,
  restoreTrainer,
  settingsOf,
  type TrainOptions
} from './saved-run.js'
import { StopSignal } from '../terminal/ending.js'
import { withWhatIsKept } from './what-is-kept.js'

/** @param used the command with the options that were given to it. */
export async function train(
  givenPath: string | undefined,
  givenOptions: TrainOptions,
  used: Command
): Promise<void> {
  const folder = new RunFolder(givenOptions.out ?? `runs/${usualFolder(givenOptions)}`)
  // Fails early, before a run is prepared.
  await assertUnlocked(folder.path)
  const { exists, saved } = await findRun(folder, givenOptions, givenPath)
  const { path, options, given } = saved
    ? await withRemembered(saved, givenPath, givenOptions, used)
    : { path: dataIn(givenPath), options: givenOptions, given: givenTo(used) }
  if (saved) assertSameOptions(folder, saved, { options, given })
  const unreadable = new UnreadablePictures(path, saved?.checkpoint.progress.unreadable)
  const opened = await openRun(path, { ...options, removed: unreadable.paths }, folder.path)
  const { net, network } = opened
  const settings = await settingsOf(path, opened, options)
  if (saved) await assertSameRun(folder, saved, { settings, network }, given)

  const skipped = new SkippedPictures(unreadable)
  await using loader = trainingLoader(opened, options, skipped)
  // With --hold-back 0 there is none.
  const isValidated = opened.data.validation.length > 0
  await using validation = createLoader(isValidated ? opened.data.validation : opened.data.train, {
    ...readingOptions(options, skipped),
    transforms: network.transforms,
    shuffle: false
  })
  const trainer = await createTrainer(net, trainerOptions(options, opened.numClasses, loader.length))
  if (saved) await restoreTrainer(trainer, saved.checkpoint, saved.file)
  const unlock = await folder.open()

  const run = new RunRecord(
    {
      trainer,
      network,
      folder,
      settings,
      unreadable,
      data: path,
      checkpointEvery: options.checkpointEvery,
      replaces: exists && saved === undefined,
      isLastDamaged: saved?.file === folder.previous
    },
    saved?.checkpoint.progress
  )
  const { epoch } = run.position
  if (epoch >= options.epochs)
    say(
      `${folder.path} has trained its ${counted(epoch, 'epoch', 'epochs')}: nothing is left to train; --epochs ${epoch + 1} or more continues`
    )
  using stop = new StopSignal()
  const showProgress = progressDisplay(options.json)
  const { finished } = await fit(trainer, {
    train: namedBatches(loader, path),
    ...(isValidated && { validation: namedBatches(validation, path) }),
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
      if (!options.json) print(epochLine(record, options.epochs))
    }
  }).catch(async (error: unknown) => {
    if (error instanceof UnreadableError) unreadable.add(error.path)
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
    await sayWritten(...(await run.closing()))
  }
  unlock()
  await trainer.dispose()
}

/** @throws ResnetError when there is no data, and no run that knows its own. */
function dataIn(path: string | undefined): string {
  if (path !== undefined) return path
  throw new ResnetError('Train on what? Name the data, or a run to resume: --resume --out RUN')
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
function trainerOptions(options: TrainOptions, numClasses: number, batches: number): TrainerOptions {
  const { epochs, accumulate, warmup, ema } = options
  const stepsPerEpoch = Math.max(1, Math.floor(batches / accumulate))
  return {
    ...stepOptions(options, numClasses),
    schedule: parseSchedule(options.schedule, {
      totalSteps: Math.max(1, Math.floor((batches * epochs) / accumulate)),
      stepsPerEpoch,
      warmupSteps: Math.round(warmup * stepsPerEpoch)
    }),
    ...(ema === undefined ? {} : { ema: { decay: ema } })
  }
}
