// Runs a comparison of twins: opens the data, builds and trains the networks, and writes a page.
import { availableParallelism } from 'node:os'
import { createLoader } from '../../data/loader.js'
import { buildTwins } from '../../explain/flow/build-twins.js'
import {
  assertTwins,
  compareGradientFlow,
  type FlowComparison,
  type Twins
} from '../../explain/flow/compare-gradient-flow.js'
import { readFlow } from '../../explain/flow/flow-reading.js'
import { plannedSteps } from '../../explain/flow/gradient-flow.js'
import { gradientFlowPage } from '../../pages/gradient-flow/gradient-flow-page.js'
import { plainTwin } from '../../nn/rewrite/plain.js'
import type { ModelOptions } from '../../models/registry.js'
import { CifarResNet } from '../../models/resnet/cifar-resnet.js'
import { isPath, isScript, type OpenedNetwork, type OpenNetworkOptions } from '../../networks/opening.js'
import { openNetwork } from '../../networks/open-network.js'
import { parseSchedule } from '../../optim/parse-schedule.js'
import { sgd } from '../../optim/sgd.js'
import { createEngine } from '../../runtime/create-engine.js'
import { ResnetError } from '../../base/errors.js'
import type { DeviceRequest, Engine } from '../../runtime/engine.js'
import { writeFileAtomic } from '#platform'
import { assertWritable } from '../../platform/node/files.js'
import { clearLine, print, printJson, printText, say, sayWritten } from '../terminal/output.js'
import { describeFlow, flowDisplay } from './flow-progress.js'
import { namedBatches, readingOptions, SkippedPictures } from '../data/named-batches.js'
import { openImages, sizeFor, trainingLoader } from '../data/open-run.js'
import { preparePictures } from '../data/prepare-pictures.js'
import { openChosen, type NetworkChoice } from '../open-chosen.js'
import { isFolder } from '../explain/output.js'
import { StopSignal } from '../terminal/ending.js'
import type { PictureOptions } from '../data/data-options.js'

export interface GradientFlowCommand
  extends Omit<PictureOptions, 'balanced'>, Omit<NetworkChoice, 'model' | 'seed'> {
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
const USUAL_SIDE = 32
const [MOMENTUM, WEIGHT_DECAY] = [0.9, 1e-4]

export async function gradientFlow(names: readonly string[], options: GradientFlowCommand): Promise<void> {
  const { data: path, steps, every, lr, seed, json = false, zeroInitResidual = false } = options
  for (const name of names) await assertShortcuts(name)
  const models = modelsOf(names, options)
  const out = options.out ?? (json ? undefined : 'gradient-flow.html')
  if (out !== undefined) await assertRoomFor(out)
  const images = await openImages(path, options)
  const { data, numClasses, channels } = images
  const known = sizeFor(images.kind, options)
  const input = known === undefined ? undefined : (['N', channels, known, known] as const)
  const form = { seed, numClasses, inChannels: channels, newHead: true, input }
  const opened = await Promise.all(
    models.map(([name, open]) => openTwins(name, () => open(form), zeroInitResidual))
  )
  const twins = opened.map(each => each.twins)
  const size = known ?? opened[0].shape?.at(-1) ?? USUAL_SIDE
  const preparation = preparePictures(images.kind, size, options.augment)
  const skipped = new SkippedPictures()
  await using loader = trainingLoader({ ...images, preparation }, options, skipped)
  await using heldOut = createLoader(data.validation, {
    ...readingOptions(options, skipped),
    transforms: preparation.evaluate,
    shuffle: false
  })
  const epochs = options.epochs ?? (steps === undefined ? 10 : Math.ceil(steps / loader.length))
  const length = { epochs, ...(steps !== undefined && { steps }) }
  const train = namedBatches(loader, path)
  const plan = plannedSteps({ train, ...length })
  const schedule = parseSchedule(options.schedule, { totalSteps: plan.steps, stepsPerEpoch: loader.length })

  using stop = new StopSignal()
  const comparison = await compareGradientFlow(twins, {
    train,
    heldOut: namedBatches(heldOut, path),
    ...length,
    every,
    optimizer: sgd({ lr, momentum: MOMENTUM, weightDecay: WEIGHT_DECAY }),
    schedule,
    seed,
    classes: numClasses,
    engines: enginesFor(options.device, twins.length * (zeroInitResidual ? 3 : 2)),
    signal: stop.signal,
    onStep: flowDisplay(twins, plan.steps, json),
    onFlow: (flow, of) => {
      clearLine()
      if (!json) print(describeFlow(flow, of))
    }
  })
  clearLine()
  skipped.sumUp()
  // Ten thousand figures: indentation would not make them readable.
  if (json) printJson(comparison, 0)
  else printText(`\n${wordsOf(comparison)}`)
  if (out !== undefined) {
    const page = await gradientFlowPage(comparison, {
      title: `What shortcuts do to the gradient: ${models.map(([name]) => name).join(', ')} on ${path}`,
      command: `resnet ${process.argv.slice(2).join(' ')}`,
      settings: {
        data: path,
        'images to learn from': String(data.train.length),
        'images held out': String(data.validation.length),
        optimiser: `SGD, momentum ${MOMENTUM}, weight decay ${WEIGHT_DECAY}`,
        'learning rate': `${lr}, ${options.schedule}`,
        'batch size': String(options.batchSize),
        steps: `${plan.steps} (${loader.length} an epoch)`,
        seed: String(seed)
      }
    })
    await writeFileAtomic(out, [new TextEncoder().encode(page)])
    if (!json) {
      print('')
      await sayWritten(out, 'the charts')
    }
  }
  if (!comparison.finished) {
    say(`${stop.reason} early: what was recorded is kept`)
    process.exitCode = stop.exitCode
  }
}

type NamedOpening = readonly [name: string, open: (form: OpenNetworkOptions) => Promise<OpenedNetwork>]

/** @throws ResnetError before any data is read, when a model's name is unknown or it has no shortcuts. */
async function assertShortcuts(name: string): Promise<void> {
  if (isPath(name)) return
  // At the model's own size; problems with the data's are reported later.
  const { net, shape = [] } = await openNetwork(name)
  const input = [1, ...shape]
  assertTwins({ name, residual: net, plain: plainTwin(net, { input }) }, input)
}

/** The requested models, without duplicates. */
function modelsOf(
  names: readonly string[],
  { depths, checkpoint, weights, export: exported }: GradientFlowCommand
): NamedOpening[] {
  const sources = names.length === 0 && checkpoint !== undefined ? [undefined] : names
  const named = sources.map((model): NamedOpening => {
    const own = model !== undefined && isScript(model) ? { export: exported } : {}
    const choice = { model, weights, checkpoint, ...own }
    return [model ?? checkpoint ?? '', form => openChosen(choice, 'train', form)]
  })
  const wanted = depths ?? (named.length === 0 ? USUAL_DEPTHS : [])
  const ofDepth = wanted.map((depth): NamedOpening => [
    `cifar_resnet${depth}`,
    form => openNetwork((options?: ModelOptions) => new CifarResNet(depth, options), form)
  ])
  return [...new Map([...named, ...ofDepth])]
}

/** A network, its plain twin and, if requested, one whose blocks start as the identity. */
async function openTwins(
  name: string,
  open: () => Promise<OpenedNetwork>,
  zeroInit: boolean
): Promise<{ readonly twins: Twins; readonly shape: OpenedNetwork['shape'] }> {
  const opened: OpenedNetwork[] = []
  for (let i = 0; i < (zeroInit ? 3 : 2); i++) opened.push(await open())
  const [{ shape }] = opened
  const nets = opened.map(({ net }) => net)
  if (new Set(nets).size < nets.length) {
    const remedy = 'export a class or a function, so that each twin is its own'
    throw new ResnetError(`${name} exports one network; ${remedy}`)
  }
  const input = shape && [1, ...shape]
  return { twins: buildTwins(name, () => nets.splice(0, 1)[0], { seed: 0, zeroInit, input }), shape }
}

async function assertRoomFor(page: string): Promise<void> {
  // A folder of any name is said to be one.
  if (!/\.html$/i.test(page) && !(await isFolder(page))) {
    throw new ResnetError(`--out ${page}: the page is written as .html`)
  }
  await assertWritable(page)
}

// As many as an engine takes.
const MOST_THREADS = 256

/** One for each network that is trained at a time: steps of small networks gain nothing from a second thread. */
function enginesFor(device: DeviceRequest, networks: number): Engine[] {
  if (device !== 'cpu') return [createEngine({ device })]
  const cores = availableParallelism()
  const count = Math.min(networks, cores)
  return Array.from({ length: count }, () =>
    createEngine({ threads: Math.min(Math.floor(cores / count), MOST_THREADS) })
  )
}

function wordsOf(comparison: FlowComparison): string {
  const { summary, twins } = readFlow(comparison)
  const about = twins.map(({ name, remarks }) => [name, ...remarks.map(remark => `  ${remark}`)])
  return [summary, ...about].flatMap(lines => (lines.length > 0 ? [lines.join('\n')] : [])).join('\n\n')
}
