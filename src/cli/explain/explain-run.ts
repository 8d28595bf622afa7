import { basename } from 'node:path'
import { classNames, rankClasses } from '../../networks/classifier.js'
import { classCount } from '../../explain/layers.js'
import { METHODS, type MethodName } from '../../explain/words.js'
import { readImage } from '../../images/decode/read-image.js'
import type { Picture } from '../../images/picture.js'
import { ResnetError } from '../../base/errors.js'
import { imagesAt } from '../images-at.js'
import { clearLine, drawLine } from '../terminal/moving-line.js'
import { reportError } from '../terminal/report-error.js'
import { findClass } from './find-class.js'
import { lookAtFilters } from './filters-run.js'
import { lookInto, type Look, type LookOptions, type Seen } from './looks.js'
import { assertFitting, type MethodOptions } from './method-options.js'
import { assertNotOver, outputPaths } from './output-paths.js'
import type { OpenedNetwork } from '../../networks/opened-network.js'
import { inputOf, openChosen, usualModel, type NetworkChoice } from '../network-options.js'
import { writeSeen } from './write-seen.js'

export interface ExplainCommand extends NetworkChoice, MethodOptions, Pick<LookOptions, 'batch' | 'device'> {
  readonly method: MethodName
  readonly out?: string
  readonly alpha: number
  readonly json?: boolean
  readonly debug?: boolean
}

/** An image's entry in the JSON. */
interface Report {
  readonly image: string
  readonly method: MethodName
  readonly layer?: string
  readonly class?: { readonly index: number; readonly label: string }
  readonly score?: number
  readonly peak?: Seen['peak']
  readonly files: readonly string[]
}

const TOP = 5

/**
 * Explains images.
 * @throws ResnetError when there are none, the network cannot be opened, or an option does not fit.
 */
export async function explainImages(paths: readonly string[], options: ExplainCommand): Promise<void> {
  const { method, json = false, debug = false } = options
  assertFitting(method, options)
  if (method === 'filters') return lookAtFilters(paths, options)
  const images = (await Promise.all(paths.map(imagesAt))).flat()
  if (images.length === 0) throw new ResnetError(`Which image? --method ${method} needs one`)
  const subject = await openChosen(usualModel(options), 'apply')
  const classes = classCount(subject.net, inputOf(subject, undefined))
  const nameOf = classNames(classes, subject.classes)
  const asked = options.class === undefined ? {} : { classIndex: findClass(options.class, classes, nameOf) }
  const look = await lookInto(subject, { ...options, method, onProgress: progressOf(json) })
  const files = await outputPaths(images, { out: options.out, method })
  assertNotOver(images, files)

  const reports: Report[] = []
  for (const [i, image] of images.entries()) {
    try {
      const pixels = await readImage(image)
      const prepared = subject.prepare(pixels)
      const seen = await look.at(prepared.reshape([1, ...prepared.shape]), asked)
      clearLine()
      const report = await show({
        image,
        file: files[i],
        seen,
        look,
        subject,
        options,
        nameOf,
        crop: subject.crop(pixels)
      })
      if (json) reports.push(report)
      else process.stdout.write(lineOf(report, seen))
    } catch (error) {
      clearLine()
      // Continue with the other images.
      process.exitCode = reportError(error, debug)
    }
  }
  if (json) process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`)
}

interface Showing {
  readonly image: string
  readonly file: string
  readonly seen: Seen
  readonly look: Look
  readonly subject: OpenedNetwork
  readonly options: ExplainCommand
  readonly nameOf: (index: number) => string
  /** The network's input as a picture. */
  readonly crop: Picture
}

/** Writes one image's explanation and prints a summary. */
async function show({ image, file, seen, look, subject, options, nameOf, crop }: Showing): Promise<Report> {
  const { method, alpha } = options
  const { logits, classIndex, heat, sheet, peak, facts } = seen
  const ranked = rankClasses(logits, logits.size, subject.classes)
  const chosen = ranked.find(({ index }) => index === classIndex)
  const top = ranked.slice(0, TOP)
  const rows = chosen && !top.includes(chosen) ? [...top, chosen] : top
  const isOfClass = method !== 'eigencam' && chosen !== undefined
  const place = look.layer === undefined ? '' : ` of ${look.layer}`
  await writeSeen(file, {
    method,
    title: `${METHODS[method].title}${place}${isOfClass ? ` for ‘${chosen.label}’` : ''}: ${basename(image)}`,
    classes: rows.map(each => ({ ...each, isChosen: isOfClass && each === chosen })),
    facts: {
      Method: `${METHODS[method].title} (${METHODS[method].source})`,
      ...(look.layer === undefined ? {} : { Layer: look.layer }),
      Network: `${subject.model}, ${subject.origin}`,
      Image: image,
      ...Object.fromEntries(
        Object.entries(facts).map(([name, value]) => [FACTS[name] ?? name, String(value)])
      )
    },
    image: crop,
    alpha,
    ...(heat ? { heat } : {}),
    ...(sheet ? { sheet } : {})
  })
  return {
    image,
    method,
    ...(look.layer === undefined ? {} : { layer: look.layer }),
    ...(isOfClass
      ? { class: { index: chosen.index, label: nameOf(chosen.index) }, score: chosen.score }
      : {}),
    ...(peak ? { peak } : {}),
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

function lineOf({ image, layer, class: found, score = 0, peak, files }: Report, { sheet }: Seen): string {
  const of = found ? `${found.label} (${(100 * score).toFixed(2)} %)` : (layer ?? '')
  const where = peak && !sheet ? `, most at ${peak.x}, ${peak.y}` : ''
  return `${image}: ${of}${where} → ${files.join(', ')}\n`
}

function progressOf(json: boolean): LookOptions['onProgress'] {
  const isShown = !json && process.stderr.isTTY
  return (done, total) => {
    if (isShown) drawLine(`${done} of ${total} runs`)
  }
}
