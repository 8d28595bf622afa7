import { ResnetError } from '../../base/errors.js'
import { formatCount, counted } from '../../base/figures.js'
import { relabel, type Dataset } from '../../data/dataset.js'
import { createLoader } from '../../data/loader.js'
import { IMAGENET_CLASSES } from '../../models/imagenet-classes.js'
import { assertAnswers, type OpenedNetwork } from '../../networks/opening.js'
import { binaryCrossEntropyWithLogits } from '../../nn/losses.js'
import { traceEvaluation } from '../../nn/trace/trace.js'
import { evaluate } from '../../train/evaluate.js'
import type { ReadingOptions } from '../data/data-options.js'
import { namedBatches, readingOptions, SkippedPictures } from '../data/named-batches.js'
import { changesSince, isSameData, openData, splitData } from '../data/open-data.js'
import { inputOf, openChosen, type NetworkChoice } from '../open-chosen.js'
import { clearLine, print, printJson, progressDrawer, say } from '../terminal/output.js'
import { asJson, measuredLines } from './scores.js'

export interface EvalOptions extends ReadingOptions, NetworkChoice {
  readonly part?: Part
  readonly json?: boolean
}

type Part = 'validation' | 'train' | 'all'

export async function evaluateNetwork(path: string, options: EvalOptions): Promise<void> {
  const opened = await openChosen(options, 'apply')
  assertAnswers(opened)
  const { net, model, transforms } = opened
  if (!transforms) throw new ResnetError(`${model} takes no pictures, which is all that eval can give it`)
  const { dataset, part } = await openPart(path, opened, options)
  const classes = classesFor(opened, dataset)
  const skipped = new SkippedPictures()
  await using loader = createLoader(relabel(dataset, classes, path), {
    ...readingOptions(options, skipped),
    transforms,
    shuffle: false
  })
  const draw = progressDrawer(options.json)
  const measured = await evaluate(net, namedBatches(loader, path).epoch(0), {
    device: options.device,
    ...(opened.multiLabel && { loss: binaryCrossEntropyWithLogits() }),
    onBatch: images => draw(() => `${formatCount(images)} of ${formatCount(dataset.length)} images`)
  })
  clearLine()
  skipped.sumUp()
  if (!Number.isFinite(measured.loss)) {
    const where = `${model} on ${WORDS[part]} of ${path}`
    throw new ResnetError(`${where}: the loss is ${measured.loss}; check the network's weights`)
  }
  if (options.json) printJson({ model, part, skipped: loader.skipped, ...asJson(measured, classes) })
  else print(...measuredLines(`${model} on ${WORDS[part]} of ${path}`, measured, classes))
}

const WORDS: Readonly<Record<Part, string>> = {
  all: 'all images',
  train: 'the images for training',
  validation: 'the images for validation'
}

/** Names of the network's outputs: its own, or the data's in their order. */
export function classesFor(opened: OpenedNetwork, { classes }: Pick<Dataset, 'classes'>): readonly string[] {
  const { net, classes: own } = opened
  if (own) return own
  const [, outputs] = traceEvaluation(net, inputOf(opened)).output.shape
  const isImageNet = outputs === IMAGENET_CLASSES.length
  if (isImageNet && classes.every(name => IMAGENET_CLASSES.includes(name))) return IMAGENET_CLASSES
  // A single output tells two classes apart.
  if (outputs === classes.length || (outputs === 1 && classes.length === 2)) return classes
  const found = `tells ${counted(Number(outputs), 'class', 'classes')} apart and does not name them`
  throw new ResnetError(`${opened.model} ${found}; the data has ${classes.length}`)
}

/** The chosen images; by default those that the network was not trained on, if known. */
export async function openPart(
  path: string,
  network: OpenedNetwork,
  { format, part }: Pick<EvalOptions, 'format' | 'part'>
): Promise<{ dataset: Dataset; part: Part }> {
  const { data: trained, classes: known = [] } = network
  const { holdBack, seed } = trained ?? { holdBack: 0.2, seed: 0 }
  const data = await openData(path, format)
  const { length: images, classes } = data.whole
  const [before, now] = [trained && { ...trained, classes: known }, { path, images, classes }]
  const isKnown = before !== undefined && (await isSameData(before, now))
  // Parts that the data brings are told by their folders.
  const change = isKnown && !data.parts ? changesSince(before, now) : undefined
  if (change !== undefined) assertAll(`${path} is not as ${network.model} was trained on it: ${change}`, part)
  // Of data of which nothing was held back, all images are those for training.
  const held = holdBack === 0 ? 'train' : 'validation'
  const usual = data.parts ? 'validation' : isKnown && change === undefined ? held : 'all'
  const wanted = part ?? usual
  if (wanted === 'all') return { dataset: data.whole, part: wanted }
  return { dataset: splitData(path, data, holdBack, seed)[wanted], part: wanted }
}

/** Of changed data all images are measured. @throws ResnetError when a part of them is asked for. */
function assertAll(change: string, part: Part | undefined): void {
  const unknown = `${change}; so which images it was trained on is not known`
  if (part === undefined) say(`${unknown}, and all are measured`)
  else if (part !== 'all')
    throw new ResnetError(`--part ${part}: ${unknown}: measure --part all, or new images`)
}
