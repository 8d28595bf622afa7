// Pillow's and torchvision's results for test/goldens/images (tools/images_goldens.py).
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Picture, Resampling } from 'resnet-ts/images'

/** The folder of the images. */
export const FOLDER = fileURLToPath(new URL('../goldens/images/', import.meta.url))

type PerChannel = readonly [number, number, number]

/** An image, identified by the hash of its bytes. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly sha256: string
}

/** The hash of a preset's output. */
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
  readonly resizedBy: readonly (Pixels & { readonly filter: Resampling })[]
  readonly resizedShorterSide: readonly (Pixels & { readonly file: string; readonly size: number })[]
  readonly centerCropped: readonly Pixels[]
  readonly otherStatistics: {
    readonly mean: PerChannel
    readonly std: PerChannel
    readonly sha256: string
  }
}

/** The parsed golden file. */
export const golden = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as Goldens

/** An image of ours in the same form. */
export function pixelsOf({ width, height, data }: Picture): Pixels {
  return { width, height, sha256: createHash('sha256').update(data).digest('hex') }
}
