import { ResnetError } from '../../base/errors.js'
import { counted } from '../../base/figures.js'
import { engineFor } from '../../compile/shared-engines.js'
import { readImage } from '../../images/decode/read-image.js'
import { ImageError } from '../../images/picture.js'
import { classifierOf, type Classifier } from '../../networks/classifier.js'
import type { OpenedNetwork } from '../../networks/opening.js'
import { EngineError, type DeviceRequest } from '../../runtime/engine.js'
import { findImages, STANDARD_INPUT, type FoundImage } from '../images-at.js'
import { inputOf, openChosen, usualModel, type NetworkChoice } from '../open-chosen.js'
import { clearLine, drawLine, print, say, write } from '../terminal/output.js'
import { reportError } from '../terminal/report-error.js'
import { answerLines, WRITINGS, type Answer } from './answers.js'
import type { AnswerFormat } from './formats.js'

export interface PredictOptions extends NetworkChoice {
  readonly top: number
  readonly multiLabel?: boolean
  readonly threshold: number
  readonly labels?: string
  readonly format: AnswerFormat
  readonly json?: boolean
  readonly logits?: boolean
  readonly device: DeviceRequest
  readonly debug?: boolean
}

/** For more images, optimising the weights' layout pays off. */
const FEW = 12

export async function predict(paths: readonly string[], options: PredictOptions): Promise<void> {
  const format = options.json ? 'json' : options.format
  if (options.logits && format !== 'json' && format !== 'jsonl') {
    throw new ResnetError('--logits goes into the JSON: give --json or --format jsonl, too')
  }
  const images = await peek(findImages(paths, say), paths.includes(STANDARD_INPUT) ? 0 : FEW + 1)
  const known = images.isWhole ? images.first.length : undefined
  const out = new AnswerWriter(format, known, options.debug ?? false)
  if (known !== undefined && images.first.every(({ fault }) => fault)) {
    for (const { image, fault } of images.first) await out.failed(image, fault)
    return out.end()
  }
  const opening = openChosen(usualModel(options), 'apply')
  // Prepares the first image while the network is built, and each next one while the network runs.
  const prepared = oneAhead(images.all, async ({ image, fault }) => {
    if (fault) throw fault
    const [{ prepare }, picture] = await Promise.all([opening, readImage(image)])
    return prepare(picture)
  })
  const opened = await opening
  const expectedRuns = known === undefined ? 'many' : 'few'
  const classify = await classifierOf(opened, {
    engine: engineFor(options),
    transfer: true,
    expectedRuns,
    ...(options.multiLabel && { multiLabel: true }),
    ...(options.labels !== undefined && { labels: await labelsOf(options.labels, opened) })
  })
  try {
    for await (const [{ image }, pixels] of prepared) {
      out.begin()
      try {
        await out.answer(await answerOf(classify, image, await pixels, options))
      } catch (error) {
        // Without its engine, all others would fail too.
        if (!(error instanceof ResnetError) || error instanceof EngineError) throw error
        await out.failed(image, error)
      }
    }
  } finally {
    await out.end()
  }
}

async function labelsOf(file: string, opened: OpenedNetwork): Promise<string[]> {
  // Few commands have the option.
  const [{ readLabels }, { classCount }] = await Promise.all([
    import('./read-labels.js'),
    import('../../explain/layers.js')
  ])
  return readLabels(file, classCount(opened.net, inputOf(opened)))
}

async function answerOf(
  classify: Classifier,
  image: string,
  pixels: ReturnType<Classifier['prepare']>,
  { top, threshold, logits }: PredictOptions
): Promise<Answer> {
  const output = await classify.logits(pixels)
  const ranked = classify.rank(output, top).filter(({ score }) => score >= threshold)
  return { image, top: ranked, ...(logits && { logits: Array.from(output.data) }) }
}

/** Writes answers as they come, and counts the images without one. */
class AnswerWriter {
  readonly #format: AnswerFormat
  /** The number of images, if they are few. */
  readonly #known: number | undefined
  readonly #debug: boolean
  #begun = 0
  #written = 0
  #failed = 0

  constructor(format: AnswerFormat, known: number | undefined, debug: boolean) {
    this.#format = format
    this.#known = known
    this.#debug = debug
  }

  /** Shows on a terminal which image is next. */
  begin(): void {
    this.#begun++
    if (this.#known === 1 || !process.stderr.isTTY) return
    drawLine(`image ${this.#begun}${this.#known === undefined ? '' : ` of ${this.#known}`}`)
  }

  async answer(answer: Answer): Promise<void> {
    clearLine()
    const isFirst = this.#written++ === 0
    if (this.#format === 'text') {
      print(...answerLines(answer, this.#known !== 1))
      return
    }
    const { start, answer: text } = WRITINGS[this.#format]
    await write(`${isFirst ? start : ''}${text(answer, isFirst)}`)
  }

  /** An image without an answer is listed with the reason; a single one is a mistake like any other. */
  async failed(image: string, error: unknown): Promise<void> {
    this.#failed++
    clearLine()
    const isAlone = this.#known === 1 && this.#format === 'text'
    const code = isAlone || this.#debug ? reportError(error, this.#debug) : 2
    process.exitCode = code
    const fault = error instanceof ImageError && error.path === image ? error.fault : messageOf(error)
    if (!isAlone) await this.answer({ image, error: fault })
  }

  async end(): Promise<void> {
    clearLine()
    if (this.#format !== 'text') {
      const { start, end } = WRITINGS[this.#format]
      const isEmpty = this.#written === 0
      await write(`${isEmpty ? start : ''}${end(isEmpty)}`)
    }
    const all = Math.max(this.#begun, this.#written)
    if (this.#failed > 0 && this.#known !== 1) {
      say(`${this.#failed} of ${counted(all, 'image', 'images')} could not be classified`)
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The first items, and all of them; `isWhole` if there are fewer than asked for. */
async function peek(
  items: AsyncGenerator<FoundImage, undefined>,
  count: number
): Promise<{
  readonly first: readonly FoundImage[]
  readonly isWhole: boolean
  readonly all: AsyncGenerator<FoundImage, undefined>
}> {
  const first: FoundImage[] = []
  let isWhole = false
  while (first.length < count && !isWhole) {
    const next = await items.next()
    if (next.done) isWhole = true
    else first.push(next.value)
  }
  const all = async function* (): AsyncGenerator<FoundImage, undefined> {
    yield* first
    yield* items
  }
  return { first, isWhole, all: all() }
}

/** Starts work on the first item at once, and on each next one when the previous result is taken. */
function oneAhead<T, R>(
  items: AsyncGenerator<T, undefined>,
  work: (item: T) => Promise<R>
): AsyncIterable<readonly [T, Promise<R>]> {
  const start = async (): Promise<readonly [T, Promise<R>] | undefined> => {
    const next = await items.next()
    if (next.done) return undefined
    const started = work(next.value)
    // Whoever takes the result sees a failure; this avoids an unhandled rejection until then.
    started.catch(() => {})
    return [next.value, started]
  }
  const ahead = (): ReturnType<typeof start> => {
    const started = start()
    started.catch(() => {})
    return started
  }
  let next = ahead()
  return (async function* () {
    for (let current = await next; current; current = await next) {
      next = ahead()
      yield current
    }
  })()
}
