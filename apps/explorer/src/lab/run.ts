// What the lab does for the part "Run": opens a network, shows it pictures, and looks into it. One network and one
// picture at a time; whatever belongs to an earlier one comes to nothing.
import type { Prediction, Tensor } from 'resnet-ts'
import { coloured, featureSheet } from 'resnet-ts/explain'
import { transfer } from 'comlink'
import { Failure, faultOf, type Fault, type Outcome } from './run-faults.js'
import { bitmapOf, pixelsOf, sampleLabels, type Shown } from './run-pictures.js'
import { Sessions, type HeatRequest, type Place, type RunDevice } from './run-sessions.js'
import { openSubject, type OpeningStage, type Subject, type SubjectRequest } from './run-subject.js'

export type { Fault, FaultKind, Outcome } from './run-faults.js'
export type { Shown } from './run-pictures.js'
export type { HeatMethod, RunDevice } from './run-sessions.js'
export type { OpeningStage } from './run-subject.js'

/** What to open, and where to run it. */
export interface OpenRequest extends SubjectRequest {
  readonly device: RunDevice
}

/** A network that is ready. */
export interface OpenedNetwork
  extends Place, Pick<Subject, 'name' | 'classes' | 'weights' | 'isTrained' | 'layers' | 'lastLayer'> {
  /** (C, H, W) */
  readonly input: readonly number[]
  /** Whether strokes are shown to it as the digits that come with the library are. */
  readonly readsDigits: boolean
}

/** The prediction for a picture. */
export interface Answer {
  /** The picture's number, for requests about it. */
  readonly id: number
  /** What the network sees of it. */
  readonly picture: ImageBitmap
  /** The most probable classes, best first. */
  readonly top: readonly Prediction[]
  readonly logits: Float32Array
  readonly milliseconds: number
}

/** Where the network looks. */
export interface Heat {
  /** The picture's number. */
  readonly of: number
  /** In colours, as large as the picture that the network sees. */
  readonly heat: ImageBitmap
  readonly classIndex: number
  /** The class's probability, 0 … 1. */
  readonly score: number
}

export interface Maps {
  /** The picture's number. */
  readonly of: number
  readonly layer: string
  readonly sheet: ImageBitmap
  /** (channels, h, w) */
  readonly shape: readonly number[]
}

const TOP = 5
/** The aspect ratio of a sheet of maps. */
const WIDE = 2.4
const UNSETTLING: ReadonlySet<Fault['kind']> = new Set(['memory', 'engine', 'unexpected'])
const DIGIT_INPUT = '1,8,8'

let sessions: Sessions | undefined
let current: { readonly id: number; readonly pixels: Tensor<'float32'> } | undefined
let opened = 0
let shown = 0
let cancelled = 0

/** The result of some work, unless it was superseded. */
async function outcome<T extends object>(
  isCurrent: () => boolean,
  work: () => Promise<T>
): Promise<Outcome<T>> {
  try {
    const value = await work()
    const bitmaps = Object.values(value).filter(part => part instanceof ImageBitmap)
    return isCurrent() ? transfer({ value }, bitmaps) : { fault: { kind: 'cancelled' } }
  } catch (error) {
    if (!isCurrent()) return { fault: { kind: 'cancelled' } }
    const fault = faultOf(error)
    // After a failure the state of the runtime is unknown.
    if (UNSETTLING.has(fault.kind)) sessions?.stop()
    return { fault }
  }
}

function replaceWith(next: Sessions | undefined): void {
  sessions?.stop()
  sessions = next
  current = undefined
}

function running(): Sessions {
  // The page asks only once a network is open, so the lab must have restarted since.
  if (!sessions) throw new Error('No network is open')
  return sessions
}

/** The columns of a sheet of maps: full rows, as close to the aspect ratio as possible. */
function columnsFor(count: number): number {
  const wanted = Math.sqrt(WIDE * count)
  const awayFrom = (columns: number): number => Math.abs(Math.log(columns / wanted))
  const full = Array.from({ length: count }, (_, i) => i + 1).filter(columns => count % columns === 0)
  const best = full.reduce((a, b) => (awayFrom(b) < awayFrom(a) ? b : a), 1)
  // A prime number of maps cannot fill the rows.
  return awayFrom(best) < Math.LN2 ? best : Math.ceil(wanted)
}

/** Whether requests about a picture are still current. */
function wants(picture: number): () => boolean {
  const before = cancelled
  return () => current?.id === picture && cancelled === before
}

function pixelsOfPicture(id: number): Tensor<'float32'> {
  if (current?.id !== id) throw new Failure({ kind: 'cancelled' })
  return current.pixels
}

export const run = {
  /** Which digit each bundled sample shows. */
  sampleLabels,

  /** Opens a network in place of the current one, which stays if the file's weights do not fit. */
  open(
    { device, ...request }: OpenRequest,
    onStage: (stage: OpeningStage, share: number | undefined) => void
  ): Promise<Outcome<OpenedNetwork>> {
    const id = ++opened
    const isCurrent = (): boolean => id === opened
    // If opening cannot fail, memory is freed first.
    if (!request.weights) replaceWith(undefined)
    return outcome(isCurrent, async () => {
      const subject = await openSubject(request, async (stage, share) => {
        onStage(stage, share)
        // Yields, so that requests made meanwhile are received.
        await new Promise(resolve => setTimeout(resolve))
        if (!isCurrent()) throw new Failure({ kind: 'cancelled' })
      })
      onStage('starting', undefined)
      const starting = new Sessions(subject, device)
      replaceWith(starting)
      const place = await starting.start()
      const { name, classes, weights, isTrained, layers, lastLayer } = subject
      const input = subject.input.slice(1).map(Number)
      const readsDigits = input.join() === DIGIT_INPUT
      return { ...place, name, input, classes, weights, isTrained, readsDigits, layers, lastLayer }
    })
  },

  /** Runs the network on a picture. */
  show(what: Shown): Promise<Outcome<Answer>> {
    const id = ++shown
    const network = opened
    const isCurrent = (): boolean => id === shown && network === opened
    return outcome(isCurrent, async () => {
      const on = running()
      const { prepare, crop, input } = on.subject
      const image = await pixelsOf(what, input.slice(1).join() === DIGIT_INPUT)
      const pixels = prepare(image)
      const start = performance.now()
      const { top, logits } = await on.answer(pixels, TOP)
      const milliseconds = performance.now() - start
      const picture = await bitmapOf(crop(image))
      if (isCurrent()) current = { id, pixels }
      return { id, picture, top, logits: logits.data, milliseconds }
    })
  },

  /** Where the network looks on a picture. */
  heat(picture: number, request: HeatRequest): Promise<Outcome<Heat>> {
    return outcome(wants(picture), async () => {
      const found = await running().heat(pixelsOfPicture(picture), request)
      const [, height, width] = found.heat.shape
      const heat = await bitmapOf(coloured(found.heat.reshape([height, width])))
      return { of: picture, heat, classIndex: found.classIndex[0], score: found.score[0] }
    })
  },

  maps(picture: number, layer: string): Promise<Outcome<Maps>> {
    return outcome(wants(picture), async () => {
      const maps = await running().maps(pixelsOfPicture(picture), layer)
      const sheet = await bitmapOf(featureSheet(maps, { columns: columnsFor(maps.shape[0]) }))
      return { of: picture, layer, sheet, shape: maps.shape }
    })
  },

  /** Cancels the current work; the network stays, and the next request starts anew. */
  cancel(): void {
    opened++
    shown++
    cancelled++
    sessions?.stop()
  }
}
