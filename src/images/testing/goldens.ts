// Reference outputs of torchvision (tools/augment_goldens.py), with the same input pictures.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Picture } from '../picture.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'

type Source = readonly [kind: keyof typeof LEVELS, width: number, height: number, channels: 1 | 3]
type Call = readonly [name: string, ...args: readonly unknown[]]

interface Goldens {
  readonly draws: {
    readonly uniform: readonly (readonly [low: number, high: number, drawn: number])[]
    readonly below: readonly (readonly [count: number, drawn: number])[]
    readonly permutations: readonly (readonly number[])[]
    readonly doubles: readonly number[]
    readonly normals: readonly number[]
    readonly logarithms: readonly [of: readonly number[], are: readonly number[]]
    readonly exponentials: readonly [of: readonly number[], are: readonly number[]]
    readonly linspaces: readonly (readonly [first: number, last: number, count: number, are: number[]])[]
  }
  readonly pictures: readonly { call: Call; picture: Source; hashes: readonly string[] }[]
  readonly tensors: readonly { calls: readonly Call[]; picture: Source; hashes: readonly string[] }[]
  readonly mixed: readonly { call: Call; hashes: readonly string[] }[]
}

export const golden = JSON.parse(
  readFileSync(new URL('../../../test/goldens/augment/expected.json', import.meta.url), 'utf8')
) as Goldens

const LEVELS = {
  busy: (x: number, y: number, c: number): number =>
    7 * x + 5 * y + 50 * c + Math.floor((3 * x * x + 5 * y * y + (c + 1) * x * y) / 8),
  soft: (x: number, y: number, c: number): number => 90 + ((x + 2 * y + 10 * c) % 60),
  dark: (x: number, y: number, c: number): number => ((x * y + c) % 5 === 0 ? 3 * x + y : 10),
  flat: (_x: number, _y: number, c: number): number => 100 + 20 * c
}

/** A picture by formula. */
export function pictureOf([kind, width, height, channels]: Source): Picture {
  const data = Uint8Array.from({ length: width * height * channels }, (_, index) => {
    const pixel = Math.floor(index / channels)
    return LEVELS[kind](pixel % width, Math.floor(pixel / width), index % channels) % 256
  })
  return { width, height, channels, data }
}

/** A hash of outputs and of the next random number. */
export function digest(
  outputs: readonly (Picture | { readonly shape: readonly number[]; readonly data: Float32Array })[],
  generator: RandomGenerator
): string {
  const hash = createHash('sha256')
  for (const output of outputs) {
    const shape = 'shape' in output ? output.shape : [output.width, output.height, output.channels]
    hash.update(bytesOf(Int32Array.from(shape))).update(bytesOf(output.data))
  }
  return hash
    .update(bytesOf(generator.uniform(1)))
    .digest('hex')
    .slice(0, 10)
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
