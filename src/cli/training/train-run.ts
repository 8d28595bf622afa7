// A training run from the command line: opens the data, builds network and trainer, and goes through the epochs.
import { writeSync } from 'node:fs'
import { createLoader } from '../../data/loader.js'
import type { EpochRecord } from '../../report/record.js'
import {
  CheckpointError,
  readCheckpoint,
  trainerState,
  type Checkpoint,
  type RunProgress
} from '../../train/checkpoint.js'
import { fit } from '../../train/fit.js'
import { createTrainer } from '../../train/trainer.js'
import { buildNetwork } from './build-network.js'
import { openRun, readingOptions, trainingLoader } from './open-run.js'
import { ProgressDisplay } from './progress-display.js'
import { RunFolder } from './run-folder.js'
import { RunRecord } from './run-record.js'
import type { TrainOptions } from './train-options.js'
import { trainerOptions } from './trainer-options.js'

/** Trains, and prints what came of it. */
export async function train(path: string, options: TrainOptions): Promise<void> {
  const opened = await openRun(path, options)
  const { network } = opened
  const folder = new RunFolder(options.out ?? `runs/${options.model}`)
  const settings = settingsOf(path, options)
  const saved = await savedRun(folder, settings, options)

  const net = await buildNetwork({ ...network, weights: options.weights, seed: options.seed })
  await using loader = trainingLoader(opened, options)
  await using validation = createLoader(opened.data.validation, {
    ...readingOptions(options),
    transforms: network.transforms,
    shuffle: false
  })
  const trainer = await createTrainer(net, trainerOptions(options, loader.length))
  if (saved) await trainer.restore(trainerState(saved))
  await folder.open()

  const run = new RunRecord(
    trainer,
    network,
    folder,
    { settings, checkpointEvery: options.checkpointEvery },
    saved?.progress
  )
  const stop = stopOnInterrupt()
  const display = new ProgressDisplay(process.stderr.isTTY && options.json !== true)
  const { finished } = await fit(trainer, {
    train: loader,
    validation,
    epochs: options.epochs,
    from: run.position,
    averaged: options.ema !== undefined,
    signal: stop.signal,
    async onBatch(progress) {
      display.show(progress)
      await run.afterBatch(progress.position, progress.result.loss)
    },
    async onEpoch(record, next, measured) {
      display.clear()
      await run.afterEpoch(record, next, measured)
      if (!options.json) process.stdout.write(`${describe(record, options.epochs)}\n`)
    }
  })
  display.clear()
  if (!finished) {
    await run.save()
    process.stderr.write(
      `resnet: stopped and saved in ${folder.path}; the same command with --resume goes on\n`
    )
    process.exitCode = 130
  } else if (options.json) {
    process.stdout.write(`${JSON.stringify(run.summary(), undefined, 2)}\n`)
  } else {
    process.stdout.write(`${run.closing()}\n`)
  }
  stop.dispose()
  await trainer.dispose()
}

/** The first Ctrl-C stops after the batch under way, the second at once. */
function stopOnInterrupt(): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
    writeSync(2, '\nresnet: stopping after this batch; Ctrl-C again stops at once\n')
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    }
  }
}

// What may differ between a run and its continuation.
const FREE = ['resume', 'overwrite', 'json', 'out', 'workers', 'checkpointEvery', 'debug', 'device']

function settingsOf(path: string, options: TrainOptions): Record<string, string> {
  const said = Object.entries(options).filter(([name]) => !FREE.includes(name))
  return { data: path, ...Object.fromEntries(said.map(([name, value]) => [name, String(value)])) }
}

/**
 * The checkpoint to go on from, if that is what was asked for and there is one.
 * @throws CheckpointError when it is another run's, or when one would be overwritten that nobody gave up.
 */
async function savedRun(
  folder: RunFolder,
  settings: Readonly<Record<string, string>>,
  { resume, overwrite }: Pick<TrainOptions, 'resume' | 'overwrite'>
): Promise<(Checkpoint & { progress: RunProgress }) | undefined> {
  const exists = await folder.holdsRun()
  if (!exists && resume) {
    // A run may have been stopped before its first checkpoint.
    process.stderr.write(
      `resnet: ${folder.path} holds no checkpoint to go on from: starting at the beginning\n`
    )
  }
  if (exists && !resume && !overwrite) {
    throw new CheckpointError(
      folder.path,
      'holds a run already; --resume goes on with it, --overwrite starts anew, --out names another folder'
    )
  }
  if (!exists || !resume) return undefined
  const checkpoint = await readCheckpoint(folder.last)
  const { progress } = checkpoint
  if (!progress) throw new CheckpointError(folder.last, 'holds a network, but no run that could be resumed')
  const differing = [...new Set([...Object.keys(settings), ...Object.keys(progress.settings)])]
    .filter(name => settings[name] !== progress.settings[name])
    .map(
      name => `${name} was ${progress.settings[name] ?? 'not given'}, now ${settings[name] ?? 'not given'}`
    )
  if (differing.length > 0)
    throw new CheckpointError(folder.last, `is of another run: ${differing.join('; ')}`)
  return { ...checkpoint, progress }
}

function describe({ epoch, train, validation, seconds }: EpochRecord, epochs: number): string {
  const percent = (share: number): string => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(2)} %`)
  const measured = validation
    ? `   validation ${validation.loss.toFixed(4)}  ${percent(validation.accuracy)}`
    : ''
  const width = String(epochs).length
  return `epoch ${String(epoch).padStart(width)}/${epochs}   train ${train.loss.toFixed(4)}  ${percent(train.accuracy)}${measured}   ${seconds.toFixed(1)} s`
}
