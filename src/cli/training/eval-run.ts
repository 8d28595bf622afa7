// An evaluation from the command line: a checkpoint says what the network is, the data how well it does.
import { openCheckpoint } from '../../networks/checkpoint-classifier.js'
import type { Dataset } from '../../data/dataset.js'
import { createLoader } from '../../data/loader.js'
import { relabel } from '../../data/relabel.js'
import type { DeviceRequest } from '../../runtime/engine.js'
import { classScores } from '../../train/confusion.js'
import { formatShare } from '../../base/figures.js'
import type { CheckpointNetwork } from '../../train/checkpoint.js'
import { evaluate } from '../../train/evaluate.js'
import { checkpointPath } from './checkpoint-path.js'
import type { DataFormat } from './data-formats.js'
import { namedBatches } from './named-batches.js'
import { openData, splitData } from './open-data.js'
import { readingOptions } from './open-run.js'
import { isSameData, type DataIdentity } from './same-data.js'
import { SkippedPictures } from './skipped-pictures.js'

/** What can be said on the command line. */
export interface EvalOptions {
  readonly checkpoint: string
  readonly part?: Part
  readonly format: DataFormat | 'auto'
  readonly onCorrupt: 'error' | 'skip'
  readonly batchSize: number
  readonly workers?: number
  readonly device: DeviceRequest
  readonly json?: boolean
}

type Part = 'validation' | 'train' | 'all'

/** Evaluates, and prints what came of it. */
export async function evaluateCheckpoint(path: string, options: EvalOptions): Promise<void> {
  const { net, network } = await openCheckpoint(checkpointPath(options.checkpoint))
  const { dataset, part } = await openPart(path, network, options)
  const skipped = new SkippedPictures()
  await using loader = createLoader(relabel(dataset, network.classes, path), {
    ...readingOptions(options, skipped),
    transforms: network.transforms,
    grey: network.options.inChannels === 1,
    shuffle: false
  })
  const {
    loss,
    accuracy = NaN,
    images,
    confusion
  } = await evaluate(net, namedBatches(loader, path).epoch(0), { device: options.device })
  skipped.sumUp()
  const classes = classScores(confusion, network.classes)
  if (options.json) {
    const result = {
      model: network.model,
      part,
      images,
      skipped: loader.skipped,
      loss,
      accuracy,
      classes,
      confusion
    }
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`)
    return
  }
  const what =
    part === 'all' ? 'all images' : `the images for ${part === 'train' ? 'training' : 'validation'}`
  process.stdout.write(
    `${network.model} on ${what} of ${path}: ${images}\nloss      ${loss.toFixed(4)}\naccuracy  ${formatShare(accuracy)}\n\n`
  )
  const width = Math.max(5, ...classes.map(({ name }) => name.length))
  process.stdout.write(`${'class'.padEnd(width)}  precision   recall   images\n`)
  for (const { name, precision, recall, support } of classes) {
    process.stdout.write(
      `${name.padEnd(width)}  ${formatShare(precision).padStart(9)}  ${formatShare(recall).padStart(7)}  ${String(support).padStart(7)}\n`
    )
  }
}

/** The images that are asked for; by default those that the network has not been trained on, where that is known. */
async function openPart(
  path: string,
  network: CheckpointNetwork,
  { format, part }: Pick<EvalOptions, 'format' | 'part'>
): Promise<{ dataset: Dataset; part: Part }> {
  const { holdBack, seed } = network.data ?? { holdBack: 0.2, seed: 0 }
  const data = await openData(path, format)
  const wanted = part ?? (data.parts || (await isTrainedOn(network, path, data.whole)) ? 'validation' : 'all')
  if (wanted === 'all') return { dataset: data.whole, part: wanted }
  return { dataset: splitData(data, holdBack, seed)[wanted], part: wanted }
}

async function isTrainedOn(
  { data, classes: known }: CheckpointNetwork,
  path: string,
  { length: images, classes }: Dataset
): Promise<boolean> {
  if (!data) return false
  const recorded: Omit<DataIdentity, 'classes'> = data
  return isSameData({ ...recorded, classes: known }, { path, images, classes })
}
