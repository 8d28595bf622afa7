// The goldens of ResNet variants in torch (tools/relatives_goldens.py), and comparisons with them: logits, and the
// gradients of all parameters, computed by one graph.
import { expect } from 'vitest'
import {
  cat,
  compile,
  gradients,
  manualSeed,
  mul,
  rand,
  reshape,
  sum,
  tensor,
  type Value
} from 'resnet-ts/functional'
import { Module, trace, type Parameter } from 'resnet-ts/nn'
import { expectClose } from './closeness.js'
import { decode, listState, readGoldens, setStatistics, sha256 } from './model-goldens.js'

/** A network's text, keys, weights, logits and gradients. */
interface NetworkGolden {
  readonly text_sha256: string
  readonly parameters: number
  readonly state_sha256: string
  readonly weights_sha256: string
  readonly input: readonly number[]
  /** The factor of the normalisation weights; default 1. */
  readonly gain?: number
  /** The shape of the input. */
  readonly seed: number
  /** The difference of float32 and float64 in torch itself. */
  readonly noise: number
  readonly logits: string
  /** Five numbers per parameter. */
  readonly gradients: string
}

/** The tolerance of whole networks' gradients, relative to the largest of each parameter. */
const GRADIENT_TOLERANCE = 1e-4

/** Reads the networks of one file. */
export function relativeGoldens(name: string): Readonly<Record<string, NetworkGolden>> {
  return (readGoldens(name) as { networks: Record<string, NetworkGolden> }).networks
}

const FILES = ['small', 'large', 'deep-attention', 'deep-preact', 'deep-d']

/** All networks of all golden files. */
export function allRelativeGoldens(): Readonly<Record<string, NetworkGolden | undefined>> {
  return Object.assign({}, ...FILES.map(file => relativeGoldens(`relatives-${file}.json`))) as ReturnType<
    typeof allRelativeGoldens
  >
}

/** The variants in the registry. */
export function relativeNames(): string[] {
  return Object.keys((readGoldens('relatives.json') as { models: object }).models)
}

/** Logits, then the gradient of every parameter, as one array. */
class WithGradients extends Module {
  readonly net: Module
  readonly #states: readonly Value[]

  constructor(net: Module, shape: readonly number[]) {
    super()
    this.net = net
    const { values } = trace(net, shape).graph
    // A parameter has the same value in every trace.
    const byHolder = new Map<unknown, Value>()
    for (const value of values) {
      if (value.origin.kind === 'state') byHolder.set(value.origin.holder, value)
    }
    this.#states = Array.from(net.parameters(), parameter => {
      const value = byHolder.get(parameter)
      if (!value) throw new Error(`a parameter of shape ${parameter.shape.join()} takes no part`)
      return value
    })
  }

  forward(x: Value): Value {
    const logits = this.net(x)
    const count = size(logits)
    const weights = tensor(
      Float32Array.from({ length: count }, (_, i) => i + 1),
      [count]
    )
    const row = reshape(logits, [count])
    const slopes = gradients(sum(mul(row, weights)), this.#states)
    return cat([row, ...slopes.map(slope => reshape(slope, [size(slope)]))])
  }
}

function size({ shape }: Pick<Value, 'shape'>): number {
  return shape.reduce<number>((product, dim) => product * Number(dim), 1)
}

/** Expects a seeded network to have torch's text, state dict, logits and gradients. */
export async function expectRelative(name: string, net: Module, golden: NetworkGolden): Promise<void> {
  expect(golden.noise, 'of the golden itself').toBeLessThan(GRADIENT_TOLERANCE / 5)
  expect(sha256(net.toString({ style: 'torch-1.13' })), 'text').toBe(golden.text_sha256)
  expect(sha256(listState(net)), 'state dict').toBe(golden.state_sha256)
  expect(sha256(...Array.from(net.parameters(), ({ data }) => data.data)), 'weights').toBe(
    golden.weights_sha256
  )
  setStatistics(net, golden.gain)
  await using run = await compile(new WithGradients(net, golden.input), { input: golden.input })
  manualSeed(golden.seed)
  const { data } = await run(rand(golden.input))

  const expected = decode(golden.logits)
  expectClose(`${name} logits`, data.subarray(0, expected.length), expected)
  expectGradients(name, [...net.namedParameters()], data.subarray(expected.length), decode(golden.gradients))
}

function expectGradients(
  name: string,
  parameters: readonly (readonly [string, Parameter])[],
  found: Float32Array,
  golden: Float32Array
): void {
  expect(golden).toHaveLength(5 * parameters.length)
  let from = 0
  for (const [index, [key, parameter]] of parameters.entries()) {
    const count = size(parameter)
    const gradient = found.subarray(from, (from += count))
    const [first, middle, last, largest, projection] = golden.subarray(5 * index)
    let [most, projected] = [0, 0]
    // Not by entries(), which takes ten times as long for millions of values.
    for (let i = 0; i < count; i++) {
      const value = gradient[i]
      most = Math.max(most, Math.abs(value))
      projected += (value * (((i * 37) % 101) - 50)) / 50
    }
    const ends = [gradient[0], gradient[Math.floor(count / 2)], gradient[count - 1], most]
    const limits = { scale: largest, tolerance: GRADIENT_TOLERANCE }
    expectClose(`${name} ${key}`, ends, [first, middle, last, largest], limits)
    // Independent errors of the tolerance's size add up like a random walk.
    const scale = largest * Math.sqrt(count)
    expectClose(`${name} ${key} projected`, [projected], [projection], { ...limits, scale })
  }
  expect(from).toBe(found.length)
}
