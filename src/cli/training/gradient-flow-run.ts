// A comparison of twins from the command line: opens the data, builds the networks, trains them side by side, and writes
// a page.
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import { createLoader } from '../../data/loader.js'
import { buildTwins } from '../../explain/flow/build-twins.js'
import {
  assertTwins,
  compareGradientFlow,
  type FlowComparison
} from '../../explain/flow/compare-gradient-flow.js'
import { readFlow } from '../../explain/flow/flow-reading.js'
import { plannedSteps } from '../../explain/flow/gradient-flow.js'
import { gradientFlowPage } from '../../pages/gradient-flow/gradient-flow-page.js'
import { CifarResNet } from '../../models/resnet/cifar-resnet.js'
import { findModel, type ModelEntry } from '../../models/registry.js'
import { parseSchedule } from '../../optim/parse-schedule.js'
import { sgd } from '../../optim/sgd.js'
import { createEngine } from '../../runtime/create-engine.js'
import { ResnetError } from '../../base/errors.js'
import type { DeviceRequest, Engine } from '../../runtime/engine.js'
import { FileError, writeFileAtomic } from '#platform'
import { makeFolder } from '../../platform/node/folders.js'
import { clearLine, say } from '../moving-line.js'
import { describeFlow, FlowProgressDisplay } from './flow-progress.js'
import { namedBatches } from './named-batches.js'
import { openRun, readingOptions, trainingLoader } from './open-run.js'
import { SkippedPictures } from './skipped-pictures.js'
import { StopSignal } from './stop-signal.js'
import type { DataOptions } from './train-options.js'

/** What can be said on the command line. */
export interface GradientFlowCommand extends Omit<DataOptions, 'model' | 'weights' | 'plain' | 'balanced'> {
  readonly depths?: readonly number[]
  readonly data: string
  readonly out?: string
  readonly epochs?: number
  readonly steps?: number
  readonly every?: number
  readonly zeroInitResidual?: boolean
  readonly lr: number
  readonly schedule: string
  readonly device: DeviceRequest
  readonly json?: boolean
}

const USUAL_DEPTHS = [8, 20, 56]
const USUAL_EPOCHS = 10
const USUAL_PAGE = 'gradient-flow.html'
const [MOMENTUM, WEIGHT_DECAY] = [0.9, 1e-4]

/** Trains, prints what the figures show, and writes the page. */
export async function gradientFlow(names: readonly string[], options: GradientFlowCommand): Promise<void> {
  const { data: path, steps, every, lr, seed, json = false, zeroInitResidual = false } = options
  const models = modelsOf(names, options.depths)
  const out = options.out ?? (json ? undefined : USUAL_PAGE)
  if (out !== undefined) await assertRoomFor(out)
  const opened = await openRun(path, { ...options, model: names[0] ?? 'cifar_resnet8' })
  const { numClasses, inChannels } = opened.network.options
  const twins = models.map(([name, build]) =>
    buildTwins(name, build, { seed, zeroInit: zeroInitResidual, numClasses, inChannels })
  )
  const skipped = new SkippedPictures()
  await using loader = trainingLoader(opened, options, skipped)
  await using heldOut = createLoader(opened.data.validation, {
    ...readingOptions(options, skipped),
    transforms: opened.network.transforms,
    shuffle: false
  })
  const epochs = options.epochs ?? (steps === undefined ? USUAL_EPOCHS : Math.ceil(steps / loader.length))
  const length = { epochs, ...(steps === undefined ? {} : { steps }) }
  const train = namedBatches(loader, path)
  const plan = plannedSteps({ train, ...length })
  const schedule = parseSchedule(options.schedule, { totalSteps: plan.steps, stepsPerEpoch: loader.length })
  const display = new FlowProgressDisplay(twins, plan.steps, process.stderr.isTTY && !json)

  using stop = new StopSignal()
  const comparison = await compareGradientFlow(twins, {
    train,
    heldOut: namedBatches(heldOut, path),
    ...length,
    ...(every === undefined ? {} : { every }),
    optimizer: sgd({ lr, momentum: MOMENTUM, weightDecay: WEIGHT_DECAY }),
    schedule,
    seed,
    classes: numClasses,
    engines: enginesFor(options.device, twins.length * (zeroInitResidual ? 3 : 2)),
    signal: stop.signal,
    onStep: progress => display.show(progress),
    onFlow: (flow, of) => {
      clearLine()
      if (!json) process.stdout.write(`${describeFlow(flow, of)}\n`)
    }
  })
  clearLine()
  skipped.sumUp()
  // A line for each of ten thousand figures would be no easier to read.
  if (json) process.stdout.write(`${JSON.stringify(comparison)}\n`)
  else process.stdout.write(`\n${wordsOf(comparison)}\n`)
  if (out !== undefined) {
    const page = await gradientFlowPage(comparison, {
      title: `What shortcuts do to the gradient: ${models.map(([name]) => name).join(', ')} on ${path}`,
      command: `resnet ${process.argv.slice(2).join(' ')}`,
      settings: {
        data: path,
        'images to learn from': String(opened.data.train.length),
        'images held out': String(opened.data.validation.length),
        optimiser: `SGD, momentum ${MOMENTUM}, weight decay ${WEIGHT_DECAY}`,
        'learning rate': `${lr}, ${options.schedule}`,
        'batch size': String(options.batchSize),
        steps: `${plan.steps} (${loader.length} an epoch)`,
        seed: String(seed)
      }
    })
    await writeFileAtomic(out, [new TextEncoder().encode(page)])
    if (!json) process.stdout.write(`\nThe charts are in ${out}\n`)
  }
  if (!comparison.finished) {
    say(`${stop.reason} early: what was recorded is kept`)
    process.exitCode = stop.exitCode
  }
}

type NamedModel = readonly [name: string, build: ModelEntry['build']]

/**
 * The models that are asked for, each once.
 * @throws ResnetError when there is no such model, or it has no shortcuts.
 */
function modelsOf(names: readonly string[], depths: readonly number[] | undefined): NamedModel[] {
  const named = names.map((name): NamedModel => {
    const { build, inputSize } = findModel(name)
    // At the size it is made for: what is wrong with the data's is said later.
    const twins = { name, residual: build(), plain: build({ residual: false }) }
    assertTwins(twins, [1, 3, inputSize, inputSize])
    return [name, build]
  })
  const wanted = depths ?? (names.length === 0 ? USUAL_DEPTHS : [])
  const ofDepth = wanted.map((depth): NamedModel => [
    `cifar_resnet${depth}`,
    options => new CifarResNet(depth, options)
  ])
  return [...new Map([...named, ...ofDepth])]
}

/**
 * Makes the folder that a page is to be in, before anything is trained for it.
 * @throws FileError when it cannot be.
 */
async function assertRoomFor(page: string): Promise<void> {
  const found = await stat(page).catch(() => undefined)
  if (found?.isDirectory()) throw new FileError(page, 'is a directory, not a file')
  if (!/\.html$/i.test(page)) throw new ResnetError(`--out ${page}: the page is written as .html`)
  await makeFolder(dirname(resolve(page)))
}

/** One for each network that is trained at a time: steps of small networks gain nothing from a second thread. */
function enginesFor(device: DeviceRequest, networks: number): Engine[] {
  if (device !== 'cpu') return [createEngine({ device })]
  const cores = availableParallelism()
  const count = Math.min(networks, cores)
  return Array.from({ length: count }, () => createEngine({ threads: Math.floor(cores / count) }))
}

function wordsOf(comparison: FlowComparison): string {
  const { summary, twins } = readFlow(comparison)
  const about = twins.map(({ name, remarks }) => [name, ...remarks.map(remark => `  ${remark}`)].join('\n'))
  return [...(summary.length > 0 ? [summary.join('\n')] : []), ...about].join('\n\n')
}
