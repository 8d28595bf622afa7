// Pixels of a page: canvases, bitmaps, images, videos, and errors for empty ones.
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { cifar_resnet8, classifier, manualSeed, readImage, type Module } from 'resnet-ts'
import { ImageError, imageClassification, type PagePixels } from 'resnet-ts/images'

const [WIDTH, HEIGHT] = [40, 30]

let canvas: HTMLCanvasElement
let context: CanvasRenderingContext2D
/** The expected pixels, computed here. */
let expected: Uint8Array

beforeAll(() => {
  canvas = document.createElement('canvas')
  Object.assign(canvas, { width: WIDTH, height: HEIGHT })
  context = contextOf(canvas)
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4).map((_, i) => (i % 4 === 3 ? 255 : (i * 13) % 256))
  context.putImageData(new ImageData(data, WIDTH, HEIGHT), 0, 0)
  expected = Uint8Array.from(data.filter((_, i) => i % 4 !== 3))
})

function contextOf(of: HTMLCanvasElement): CanvasRenderingContext2D {
  const found = of.getContext('2d')
  if (!found) throw new Error('no canvas')
  return found
}

async function failure(source: PagePixels, options = {}): Promise<string> {
  const error: unknown = await readImage(source, options).catch((caught: unknown) => caught)
  if (!(error instanceof ImageError)) throw new Error('it was not refused', { cause: error })
  expect(error.path).toBe('the given pixels')
  return error.fault
}

/** A video element that plays a stream of the canvas, like a camera's. */
async function playing(): Promise<HTMLVideoElement> {
  const video = document.createElement('video')
  video.muted = true
  const stream = canvas.captureStream()
  video.srcObject = stream
  document.body.append(canvas, video)
  // Drawing produces frames.
  const pixels = context.getImageData(0, 0, WIDTH, HEIGHT)
  const drawing = setInterval(() => context.putImageData(pixels, 0, 0), 20)
  onTestFinished(() => {
    clearInterval(drawing)
    for (const track of stream.getTracks()) track.stop()
    video.remove()
  })
  await video.play()
  return video
}

describe('readImage', () => {
  it('reads a canvas, one off screen, its ImageData, a bitmap, an image and a frame: the same pixels', async () => {
    const off = new OffscreenCanvas(WIDTH, HEIGHT)
    off.getContext('2d')?.drawImage(canvas, 0, 0)
    const image = new Image()
    image.src = canvas.toDataURL('image/png')
    await image.decode()
    const frame = new VideoFrame(canvas, { timestamp: 0 })
    onTestFinished(() => frame.close())
    const sources: PagePixels[] = [
      canvas,
      off,
      context.getImageData(0, 0, WIDTH, HEIGHT),
      await createImageBitmap(canvas),
      image,
      frame
    ]
    for (const source of sources) {
      const { width, height, data } = await readImage(source)
      expect([width, height]).toEqual([WIDTH, HEIGHT])
      expect(data).toEqual(expected)
    }
  })

  it("reads a video's current frame", async () => {
    const video = await playing()
    const { width, height, data } = await readImage(video)
    expect([width, height]).toEqual([video.videoWidth, video.videoHeight])
    expect(data.length).toBe(3 * width * height)
    // Video encoding changes colours slightly.
    expect(meanOf(data)).toBeGreaterThan(100)
    expect(Math.abs(meanOf(data) - meanOf(expected))).toBeLessThan(8)
  })

  it('reads ImageData that is a view of a larger buffer', async () => {
    const { buffer } = context.getImageData(0, 0, WIDTH, HEIGHT).data
    const rows = new Uint8ClampedArray(buffer, 4 * WIDTH * 10, 4 * WIDTH * 5)
    const found = await readImage({ width: WIDTH, height: 5, data: rows })
    expect(found.data).toEqual(expected.subarray(3 * WIDTH * 10, 3 * WIDTH * 15))
  })
})

describe('readImage refuses', () => {
  const NOTHING = 'shows nothing: it is not loaded yet, or closed already'

  it('empty sources', async () => {
    const bitmap = await createImageBitmap(canvas)
    bitmap.close()
    for (const source of [bitmap, new Image(), document.createElement('video')])
      expect(await failure(source)).toBe(NOTHING)
  })

  it('more pixels than allowed', async () => {
    const { data, width, height } = context.getImageData(0, 0, WIDTH, HEIGHT)
    expect(await failure(canvas, { maxPixels: 100 })).toBe('has more pixels than are allowed')
    expect(await failure({ data, width, height }, { maxPixels: 100 })).toBe(
      'has 40 × 30 pixels, more than the 100 allowed by maxPixels'
    )
  })

  it('pixels that do not match their size', async () => {
    expect(await failure({ width: 2, height: 2, data: new Uint8ClampedArray(3) })).toBe(
      'has 3 values, which are not 2 × 2 × 4'
    )
  })
})

it('a classifier accepts all of them, and a preprocessed tensor', async () => {
  manualSeed(0)
  const transforms = { cropSize: 32, resizeSize: 32 }
  const build = (): Module => cifar_resnet8({ numClasses: 3 })
  await using classify = await classifier(build, { transforms, device: 'cpu' })
  const prepare = imageClassification(transforms)
  const answers = await Promise.all(
    [canvas, context.getImageData(0, 0, WIDTH, HEIGHT), prepare(await readImage(canvas))].map(source =>
      classify(source)
    )
  )
  expect(answers[0]).toHaveLength(3)
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  expect(await classify(await playing())).toHaveLength(3)
})

function meanOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
