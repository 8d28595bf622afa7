// The ways to give a file in a page, as test/given-files.test.ts tries them in Node.
import { describe, expect, it } from 'vitest'
import { readImage, readWeights } from 'resnet-ts'
import { goldenAddress, served } from './served.js'

const IMAGE = goldenAddress('images/rgb.png')
const WEIGHTS = goldenAddress('weights/torch2-dtypes.safetensors')

/** A class of another realm: that of a frame. */
async function inFrame(make: (frame: Window & typeof globalThis) => unknown): Promise<unknown> {
  const frame = document.body.appendChild(document.createElement('iframe'))
  const { contentWindow } = frame
  if (!contentWindow) throw new Error('The frame has no window')
  return make(contentWindow as Window & typeof globalThis)
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

const WAYS: readonly (readonly [string, (address: string) => unknown])[] = [
  ['a relative address', address => address],
  ['an http address', address => location.origin + address],
  ['a URL', address => new URL(address, location.href)],
  ['a data URL', async address => `data:;base64,${base64(await served(address))}`],
  ['a blob URL', async address => URL.createObjectURL(new Blob([await served(address)]))],
  ['a Blob', async address => new Blob([await served(address)])],
  ['a File', async address => new File([await served(address)], 'a')],
  ['a Uint8Array', served],
  ['an ArrayBuffer', async address => (await served(address)).buffer],
  [
    'a Uint8Array of a frame',
    async address => {
      const bytes = await served(address)
      return inFrame(frame => frame.Uint8Array.from(bytes))
    }
  ],
  [
    'a Blob of a frame',
    async address => {
      const bytes = await served(address)
      return inFrame(frame => new frame.Blob([bytes]))
    }
  ],
  ['a URL of a frame', async address => inFrame(frame => new frame.URL(address, location.href))]
]

it.each(WAYS)('%s is read by readImage and readWeights', async (_, give) => {
  expect(await readImage((await give(IMAGE)) as string)).toEqual(await readImage(IMAGE))
  expect(await readWeights((await give(WEIGHTS)) as string)).toEqual(await readWeights(WEIGHTS))
})

describe.each([
  ['readImage', readImage],
  ['readWeights', readWeights]
] as const)('%s', (_, read) => {
  it('says what cannot be an address in a page, and prints no bytes', async () => {
    await expect(read('file:///dog.jpg')).rejects.toThrow(
      'file:///dog.jpg: cannot be fetched: a page cannot read files by their address; give it the File'
    )
    await expect(read('data:;base64,U0VDUkVUU0VDUkVU')).rejects.toThrow(
      /^data:;base64,…: (?!.*(U0VD|SECRET))/
    )
    await expect(read(new TextEncoder().encode('SECRET'))).rejects.toThrow(
      /^the given bytes: (?!.*(U0VD|SECRET|53))/
    )
  })
})
