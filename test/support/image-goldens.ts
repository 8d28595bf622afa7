// What Pillow and torchvision made of the images in test/goldens/images (tools/images_goldens.py).
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Picture } from 'resnet-ts/images'

/** Where the images are. */
export const FOLDER = fileURLToPath(new URL('../goldens/images/', import.meta.url))

type PerChannel = readonly [number, number, number]

/** An image, told from others by the hash of its bytes. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly sha256: string
}

/** A preset's output by its hash. */
export interface Prepared {
  readonly crop: number
  readonly resize: number
  readonly sha256: string
}

interface Goldens {
  readonly files: Readonly<
    Record<string, Pixels & { readonly upright?: Pixels; readonly presets: readonly Prepared[] }>
  >
  readonly resized: readonly Pixels[]
  readonly resizedShorterSide: readonly (Pixels & { readonly file: string; readonly size: number })[]
  readonly centerCropped: readonly Pixels[]
  readonly otherStatistics: {
    readonly mean: PerChannel
    readonly std: PerChannel
    readonly sha256: string
  }
}

/** The file as the script wrote it. */
export const golden = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as Goldens

/** An image of ours in the same form. */
export function pixelsOf({ width, height, data }: Picture): Pixels {
  return { width, height, sha256: createHash('sha256').update(data).digest('hex') }
}
