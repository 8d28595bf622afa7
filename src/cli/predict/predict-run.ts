import { ResnetError } from '../../base/errors.js'
import { engineFor } from '../../compile/shared-engines.js'
import { readImage } from '../../images/decode/read-image.js'
import { classifierOf, type Prediction } from '../../networks/classifier.js'
import type { DeviceRequest } from '../../runtime/engine.js'
import { imagesAt } from '../images-at.js'
import { openChosen, usualModel, type NetworkChoice } from '../open-chosen.js'
import { clearLine, drawLine, print, printJson } from '../terminal/output.js'
import { reportError } from '../terminal/report-error.js'

export interface PredictOptions extends NetworkChoice {
  readonly top: number
  readonly json?: boolean
  readonly logits?: boolean
  readonly device: DeviceRequest
  readonly debug?: boolean
}

export async function predict(paths: readonly string[], options: PredictOptions): Promise<void> {
  // Continue with the other images.
  const report = (error: unknown): void => {
    process.exitCode = reportError(error, options.debug ?? false)
  }
  if (options.logits && !options.json) throw new ResnetError('--logits goes into the JSON: give --json, too')
  const listed = await Promise.all(
    paths.map(path =>
      imagesAt(path).catch((error: unknown) => {
        report(error)
        return []
      })
    )
  )
  const images = listed.flat()
  if (images.length === 0) return
  // For more, optimising the weights' layout pays off.
  const expectedRuns = images.length <= 12 ? 'few' : 'many'
  const engine = engineFor(options)
  const opening = openChosen(usualModel(options), 'apply')
  // Prepares the first image while the network is built, and each next one while the network runs.
  const prepared = oneAhead(images, async path => {
    const [{ prepare }, picture] = await Promise.all([opening, readImage(path)])
    return prepare(picture)
  })
  const classify = await classifierOf(await opening, { engine, transfer: true, expectedRuns })

  const isShown = images.length > 1 && process.stderr.isTTY
  const answers: object[] = []
  let done = 0
  for (const [image, pixels] of prepared) {
    if (isShown) drawLine(`image ${++done} of ${images.length}`)
    try {
      const output = await classify.logits(await pixels)
      const top = classify.rank(output, options.top)
      clearLine()
      const logits = options.logits ? Array.from(output.data) : undefined
      if (options.json) answers.push({ image, top, logits })
      else print(...(images.length > 1 ? [image] : []), ...top.map(rowOf))
    } catch (error) {
      report(error)
    }
  }
  clearLine()
  if (options.json) printJson(answers)
}

/** Starts work on the first item at once, and on each next one when the previous result is taken. */
function oneAhead<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>
): Iterable<readonly [T, Promise<R>]> {
  const start = (item: T): readonly [T, Promise<R>] => {
    const started = work(item)
    // Whoever takes the result sees a failure; this avoids an unhandled rejection until then.
    started.catch(() => {})
    return [item, started]
  }
  let next = items.slice(0, 1).map(start)
  return (function* () {
    for (const index of items.keys()) {
      const current = next
      next = items.slice(index + 1, index + 2).map(start)
      yield* current
    }
  })()
}

function rowOf({ label, score }: Prediction): string {
  return `${(100 * score).toFixed(2).padStart(6)} %  ${label}`
}
