// The goldens of torchvision's models (tools/models_goldens.py), and comparisons with them.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { BatchNorm2d, compile, manualSeed, ones, rand, tensor, type Module, type Tensor } from 'resnet-ts'
import { expectClose, TORCH_TOLERANCE } from './closeness.js'

interface Stage {
  readonly shape: readonly number[]
  readonly largest: number
  readonly samples: string
  readonly projections: readonly number[]
}

/** One forward pass in torch. */
export interface Golden {
  readonly input: readonly number[]
  readonly logits: { readonly shape: readonly number[]; readonly values: string }
  readonly stages: Readonly<Record<string, Stage>>
}

/** Reads one of the JSON files. */
export function readGoldens(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../goldens/models/${name}`, import.meta.url), 'utf8'))
}

/** Hashes of a network that torchvision does not have. */
interface Variant {
  readonly text_sha256: string
  readonly parameters: number
  readonly state_sha256: string
  readonly weights_sha256: string
  readonly normalised: Golden
}

/** A network with a new last layer: the hash of its text, and the initial weights of the layer. */
interface Reset {
  readonly text_sha256: string
  readonly weight: string
  readonly bias: string
}

/** The goldens of networks that torchvision does not have, and of networks with a new last layer. */
export function variantGoldens(): {
  readonly variants: Readonly<Record<string, Variant>>
  readonly resets: Readonly<Record<string, Reset>>
} {
  return readGoldens('variants.json') as ReturnType<typeof variantGoldens>
}

/** The outputs of torchvision's `create_feature_extractor`, by node name. */
export function featureGoldens(): Readonly<
  Record<string, { readonly input: readonly number[]; readonly features: Golden['stages'] }>
> {
  return (readGoldens('features.json') as { models: ReturnType<typeof featureGoldens> }).models
}

/** The SHA-256 of text or numbers. */
export function sha256(...parts: readonly (string | Float32Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** Names, shapes and dtypes of the state dict, one per line, in torch's notation. */
export function listState(net: Module): string {
  return [...net.stateDict()]
    .map(([key, { shape, dtype }]) => `${key} [${shape.join(', ')}] ${dtype}`)
    .join('\n')
}

/** The goldens of whole networks, with fresh and with set normalisation statistics. */
export function networkGoldens(): Readonly<Record<string, { seeded: Golden; normalised: Golden }>> {
  return (readGoldens('outputs.json') as { models: Record<string, { seeded: Golden; normalised: Golden }> })
    .models
}

/** Sets distinct normalisation statistics per channel, as the goldens' scripts do; `gain` multiplies the weights. */
export function setStatistics(net: Module, gain = 1): void {
  for (const module of net.modules()) {
    if (!(module instanceof BatchNorm2d) || !module.weight || !module.bias) continue
    const { shape } = module.weight
    const formula = (value: (i: number) => number): Tensor<'float32'> =>
      tensor(
        ones(shape).data.map((_, i) => value(i)),
        shape
      )
    module.weight.data = formula(i => gain * (0.5 + ((i * 29) % 64) / 64))
    module.bias.data = formula(i => ((i * 13) % 64) / 128 - 0.25)
    if (module.running_mean) module.running_mean.data = formula(i => ((i * 37) % 64) / 64 - 0.5)
    if (module.running_var) module.running_var.data = formula(i => 0.5 + ((i * 11) % 64) / 32)
  }
}

/** Runs a network on the golden's input, at its batch size and one by one, and compares logits and stages. */
export async function expectGolden(what: string, net: Module, golden: Golden): Promise<void> {
  const [batch, ...size] = golden.input
  const stages = Object.keys(golden.stages)
  await using run = await compile(net, { input: ['N', ...size], outputs: stages })
  manualSeed(1)
  const x = rand(golden.input)
  const all = await run(x)
  const expected = decode(golden.logits.values)
  expectClose(`${what} logits`, all.logits.data, expected)
  for (const [name, stage] of Object.entries(golden.stages)) expectStage(`${what} ${name}`, all[name], stage)

  if (batch === 1) return
  const item = x.size / batch
  const first = await run(tensor(x.data.slice(0, item), [1, ...size]))
  expectClose(`${what} logits of one`, first.logits.data, expected.slice(0, expected.length / batch))
}

/** Compares features with the summaries of torch's. */
export function expectStage(what: string, { data, shape }: Tensor<'float32'>, golden: Stage): void {
  const samples = decode(golden.samples)
  const count = data.length
  if (shape.join() !== golden.shape.join())
    throw new Error(`${what}: ${shape.join()}, not ${golden.shape.join()}`)
  const found = samples.map((_, k) => data[Math.floor((k * count) / samples.length)])
  expectClose(what, found, samples, { scale: golden.largest })
  // Projections depend on every value: independent errors of the tolerance's size add up like a random walk.
  const projected = [3, 5, 7, 11].map(step =>
    data.reduce((sum, v, i) => sum + v * (((i * step) % 257) / 128 - 1), 0)
  )
  expectClose(`${what} projected`, projected, golden.projections, {
    scale: golden.largest * Math.sqrt(count),
    tolerance: TORCH_TOLERANCE
  })
}

/** Decodes the goldens' float32 arrays. */
export function decode(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new Float32Array(bytes.buffer)
}
