import { basename } from 'node:path'
import { filterSheet } from '../../explain/contact-sheet.js'
import { filtersOf } from '../../explain/features.js'
import { classCount } from '../../explain/layers.js'
import { METHODS, type MethodName } from '../../explain/words.js'
import { readImage } from '../../images/decode/read-image.js'
import { ResnetError } from '../../base/errors.js'
import { classNames, rankClasses, tellsTwoClasses } from '../../networks/classifier.js'
import { assertAnswers, type OpenedNetwork } from '../../networks/opening.js'
import type { DeviceRequest } from '../../runtime/engine.js'
import { findImages, type FoundImage } from '../images-at.js'
import { inputOf, openChosen, usualModel, type NetworkChoice } from '../open-chosen.js'
import { clearLine, printJson, progressDrawer, say, sayWritten } from '../terminal/output.js'
import { reportError } from '../terminal/report-error.js'
import { assertFitting, findClass, type MethodOptions } from './choices.js'
import { lookInto, type Seen } from './looks.js'
import { assertNotOver, outputPaths, writeSeen } from './output.js'

export interface ExplainCommand extends NetworkChoice, MethodOptions {
  readonly method: MethodName
  readonly batch: number
  readonly device: DeviceRequest
  readonly out?: string
  readonly alpha: number
  readonly json?: boolean
  readonly multiLabel?: boolean
  readonly debug?: boolean
}

/** @throws ResnetError when there are no images, the network cannot be opened, or an option does not fit. */
export async function explainImages(paths: readonly string[], options: ExplainCommand): Promise<void> {
  const { method, json = false, debug = false } = options
  assertFitting(method, options)
  if (method === 'filters') return lookAtFilters(paths, options)
  const found: FoundImage[] = []
  for await (const each of findImages(paths, say)) found.push(each)
  if (found.length === 0) throw new ResnetError(`Which image? --method ${method} needs one`)
  const [first, ...others] = found
  if (first.fault && others.length === 0) throw first.fault
  if (found.every(({ fault }) => fault)) {
    for (const each of found) process.exitCode = reportError(each.fault, debug)
    return
  }
  const images = found.map(({ image }) => image)
  const subject = await openChosen(usualModel(options), 'apply')
  if (method !== 'features') assertAnswers(subject)
  const outputs = classCount(subject.net, inputOf(subject))
  const twoClasses = tellsTwoClasses(outputs, subject.classes)
  const classes = twoClasses ? 2 : outputs
  const nameOf = classNames(classes, subject.classes)
  const asked = options.class === undefined ? {} : { classIndex: findClass(options.class, classes, nameOf) }
  const draw = progressDrawer(json)
  const onProgress = (done: number, total: number): void => draw(() => `${done} of ${total} runs`)
  const look = await lookInto(subject, { ...options, method, twoClasses, onProgress })
  const files = await outputPaths(images, options)
  assertNotOver(images, files)

  const reports: object[] = []
  for (const [i, { image, fault }] of found.entries()) {
    try {
      if (fault) throw fault
      const pixels = await readImage(image)
      const prepared = subject.prepare(pixels)
      const seen = await look(prepared.reshape([1, ...prepared.shape]), asked)
      clearLine()
      const shown = { image, file: files[i], crop: subject.crop(pixels) }
      const report = await show(shown, seen, subject, { ...options, ...(twoClasses && { multiLabel: true }) })
      if (json) reports.push(report)
    } catch (error) {
      clearLine()
      // Continue with the other images.
      process.exitCode = reportError(error, debug)
    }
  }
  if (json) printJson(reports)
}

/** Writes one image's explanation and prints a summary, unless it is for JSON. @returns its entry in the JSON. */
async function show(
  { image, file, crop }: { image: string; file: string; crop: ReturnType<OpenedNetwork['crop']> },
  { logits, layer, classIndex, heat, sheet, peak, facts }: Seen,
  subject: OpenedNetwork,
  { method, alpha, json, multiLabel = subject.multiLabel }: ExplainCommand
): Promise<object> {
  const { title, source } = METHODS[method]
  const ranked = rankClasses(logits, logits.size, subject.classes, { multiLabel })
  const found = ranked.find(({ index }) => index === classIndex)
  const top = ranked.slice(0, 5)
  const rows = found && !top.includes(found) ? [...top, found] : top
  const chosen = method === 'eigencam' ? undefined : found
  const place = layer === undefined ? '' : ` of ${layer}`
  await writeSeen(file, {
    method,
    title: `${title}${place}${chosen ? ` for ‘${chosen.label}’` : ''}: ${basename(image)}`,
    classes: rows.map(each => ({ ...each, isChosen: each === chosen })),
    facts: {
      Method: `${title} (${source})`,
      ...(layer !== undefined && { Layer: layer }),
      Network: `${subject.model}, ${subject.origin}`,
      Image: image,
      ...Object.fromEntries(
        Object.entries(facts).map(([name, value]) => [FACTS[name] ?? name, String(value)])
      )
    },
    image: crop,
    alpha,
    heat,
    sheet
  })
  if (!json) {
    const label = chosen ? `${chosen.label} (${(100 * chosen.score).toFixed(2)} %)` : layer
    const seen = label === undefined ? '' : `, ${label}`
    const where = peak && !sheet ? `, most at ${peak.x}, ${peak.y}` : ''
    await sayWritten(file, `${image}${seen}${where}`)
  }
  return {
    image,
    method,
    layer,
    ...(chosen && { class: { index: chosen.index, label: chosen.label }, score: chosen.score }),
    peak,
    ...facts,
    files: [file]
  }
}

const FACTS: Readonly<Record<string, string>> = {
  channelsTried: 'Channels tried',
  patch: 'Sides of the patch, in pixels',
  stride: 'Its steps, in pixels',
  steps: 'Steps',
  total: 'Sum of the attributions',
  gain: 'What the score gains over a black picture',
  channels: 'Channels',
  rows: 'Rows of a map',
  columns: 'Columns of a map'
}

/** `--method filters`: writes a convolution's weights as a contact sheet. @throws ResnetError when an image is given. */
async function lookAtFilters(paths: readonly string[], options: ExplainCommand): Promise<void> {
  if (paths.length > 0) {
    throw new ResnetError(`--method filters looks at weights and needs no image: leave out '${paths[0]}'`)
  }
  const opened = await openChosen(usualModel(options), 'apply')
  const { model, origin, net } = opened
  const { path: layer, weight } = filtersOf(net, inputOf(opened), options.layer)
  const [file] = await outputPaths([model], options)
  const [count, channels, rows, columns] = weight.shape
  await writeSeen(file, {
    method: 'filters',
    title: `Filters of ${layer} in ${model}`,
    classes: [],
    facts: {
      Layer: `${layer}: ${count} filters of ${channels} × ${rows} × ${columns}`,
      Network: `${model}, ${origin}`
    },
    sheet: filterSheet(weight),
    alpha: options.alpha
  })
  if (options.json) printJson([{ method: 'filters', layer, shape: weight.shape, files: [file] }])
  else await sayWritten(file, `${layer} of ${model}, ${count} filters of ${rows} × ${columns}`)
}
