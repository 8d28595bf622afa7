// The goldens of timm's networks (tools/timm_goldens.py), and comparisons with them.
import { expect } from 'vitest'
import { compile, tensor, type Module, type Tensor } from 'resnet-ts'
import { findModel } from 'resnet-ts/models'
import { expectClose } from './closeness.js'
import { decode, readGoldens, sha256 } from './model-goldens.js'

export interface Numbers {
  readonly size: number
  readonly logits: string
}

export const TIMM = readGoldens('timm.json') as {
  readonly structure: Readonly<
    Record<string, { readonly parameters: number; readonly keys: number; readonly state_sha256: string }>
  >
  readonly small: Readonly<Record<string, Numbers>>
  readonly tiny: Readonly<Record<string, Numbers>>
  readonly whole: Readonly<Record<string, Numbers>>
}

export const RESNET_V2 = readGoldens('resnetv2.json') as Pick<typeof TIMM, 'structure' | 'small' | 'whole'>

export const KIN = readGoldens('timm-kin.json') as typeof RESNET_V2

/** Names and shapes of the state dict, sorted, without drawing any values. */
export function sortedState(net: Module): string[] {
  const held = [...net.namedParameters(), ...net.namedBuffers()]
  return held.map(([key, { shape }]) => `${key} [${shape.join(', ')}]`).sort()
}

/** Whether a network is left to the slow tests. */
export function isLarge(name: string): boolean {
  return /[123]\d\d|420|154/.test(name)
}

/** Compares names, shapes and parameters with timm's. */
export function expectStructure(name: string): void {
  const { parameters, keys, state_sha256 } = {
    ...TIMM.structure,
    ...RESNET_V2.structure,
    ...KIN.structure
  }[name]
  const net = findModel(name).build()
  const state = sortedState(net)
  expect(state).toHaveLength(keys)
  expect(sha256(state.join('\n'))).toBe(state_sha256)
  const sizes = Array.from(net.parameters(), ({ shape }) => shape.reduce((a, b) => a * b, 1))
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(parameters)
}

/** A tensor of numbers from −1 to 1, a hash of the name and the index, as `of` scales them. */
export function scattered(
  name: string,
  shape: readonly number[],
  of: (u: number) => number
): Tensor<'float32'> {
  let start = 2166136261
  for (const byte of new TextEncoder().encode(name)) start = Math.imul(start ^ byte, 16777619)
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1))
  for (let i = 0; i < values.length; i++) {
    let x = (Math.imul(i, 2654435761) + start) >>> 0
    x = Math.imul((x >>> 16) ^ x, 0x45d9f3b)
    x = Math.imul((x >>> 16) ^ x, 0x45d9f3b)
    values[i] = of((((x >>> 16) ^ x) >>> 0) / 2 ** 31 - 1)
  }
  return tensor(values, shape)
}

function valueOf(name: string, shape: readonly number[]): Tensor<'float32'> {
  const isScale = name.endsWith('running_var') || (name.endsWith('weight') && shape.length === 1)
  if (isScale) return scattered(name, shape, u => 1 + u / 2)
  if (shape.length === 1) return scattered(name, shape, u => u / 4)
  const spread = Math.sqrt(3 / shape.slice(1).reduce((a, b) => a * b, 1))
  return scattered(name, shape, u => u * spread)
}

/** Gives a network the goldens' weights. */
export function giveValues<Net extends Module>(net: Net): Net {
  for (const [name, parameter] of net.namedParameters()) parameter.data = valueOf(name, parameter.shape)
  for (const [name, buffer] of net.namedBuffers()) {
    if (buffer.dtype === 'float32') buffer.data = valueOf(name, buffer.shape)
  }
  return net
}

/** Gives a network the goldens' weights, and compares its logits with timm's. */
export async function expectTimm(what: string, net: Module, numbers: Numbers): Promise<void> {
  await expectNumbers(what, giveValues(net), numbers)
}

/** Compares a network's logits with a golden's. */
export async function expectNumbers(what: string, net: Module, { size, logits }: Numbers): Promise<void> {
  await expectLogits(what, net, size, decode(logits))
}

/** The same for those of the goldens' picture of a size. */
export async function expectLogits(
  what: string,
  net: Module,
  size: number,
  logits: Float32Array
): Promise<void> {
  await using run = await compile(net, { input: ['N', 3, size, size] })
  const x = scattered('x', [2, 3, size, size], u => u)
  expectClose(what, (await run(x)).data, logits)
}
