// Commands that make, run, convert and export networks as large as resnet18.
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  manualSeed,
  rand,
  readWeights,
  resnet18,
  tensor,
  writeWeights,
  type StateDict,
  type Tensor
} from 'resnet-ts'
import { expectClose } from '../support/closeness.js'
import { resnet, resnetOutput } from '../support/run-cli.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const photo = join(root, 'assets/cat.jpg')
let folder: string
let weights: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-cli-'))
  weights = join(folder, 'seed0.safetensors')
  await resnetOutput('init', 'resnet18', '--seed', '0', '--out', weights)
})
afterAll(() => rm(folder, { recursive: true }))

const floats = (found: Tensor | undefined): Float32Array =>
  found?.data instanceof Float32Array ? found.data : new Float32Array()

/** Names, dtypes, shapes and hashes in order; comparing millions of values one by one would take minutes. */
const fingerprint = (state: StateDict): string[] =>
  Array.from(state, ([name, { dtype, shape, data }]) => {
    const hash = createHash('sha256').update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    return `${name} ${dtype} ${shape.join()} ${hash.digest('hex')}`
  })

interface Answer {
  readonly image: string
  readonly top: readonly { readonly index: number; readonly label: string; readonly score: number }[]
  readonly logits?: readonly number[]
  readonly error?: string
}
const answers = async (...args: string[]): Promise<Answer[]> =>
  JSON.parse(await resnetOutput('predict', ...args, '--json')) as Answer[]

describe('resnet init, convert', () => {
  it('writes the same weights in either container, preserving dtypes', async () => {
    const pth = join(folder, 'w.pth')
    const back = join(folder, 'back.safetensors')
    await resnetOutput('convert', weights, pth)
    await resnetOutput('convert', pth, back)
    const [first, second, third] = await Promise.all([weights, pth, back].map(path => readWeights(path)))
    manualSeed(0)
    expect(fingerprint(first)).toEqual(fingerprint(resnet18().stateDict()))
    expect(fingerprint(second)).toEqual(fingerprint(first))
    expect(fingerprint(third)).toEqual(fingerprint(first))
    expect(second.get('bn1.num_batches_tracked')?.dtype).toBe('int64')

    const half = join(folder, 'half.safetensors')
    await writeWeights(half, new Map([['h', tensor(Uint16Array.of(1, 2), [2], 'float16')]]))
    await resnetOutput('convert', half, join(folder, 'half.pth'))
    expect((await readWeights(join(folder, 'half.pth'))).get('h')?.dtype).toBe('float16')
  })
})

describe('resnet run', () => {
  it('writes logits and the named intermediate outputs', async () => {
    const [x, y] = [join(folder, 'x.safetensors'), join(folder, 'y.safetensors')]
    await writeWeights(x, new Map([['x', rand([2, 3, 64, 64])]]))
    await resnetOutput(
      'run',
      'resnet18',
      '--weights',
      weights,
      '--input',
      x,
      '--out',
      y,
      '--outputs',
      'layer1,layer2.1.bn2'
    )
    const results = await readWeights(y)
    expect(Array.from(results, ([name, { shape }]) => [name, shape]).sort()).toEqual([
      ['layer1', [2, 64, 16, 16]],
      ['layer2.1.bn2', [2, 128, 8, 8]],
      ['logits', [2, 1000]]
    ])
    const seeded = join(folder, 'seeded.safetensors')
    await resnetOutput('run', 'resnet18', '--seed', '0', '--input', x, '--out', seeded)
    expect([...(await readWeights(seeded)).keys()]).toEqual(['logits'])
    expectClose(
      'seeded logits',
      floats((await readWeights(seeded)).get('logits')),
      floats(results.get('logits'))
    )
  })

  it('infers the number of classes from the weights', async () => {
    const [w, x, y] = ['w5.pth', 'x.pth', 'y.pth'].map(name => join(folder, name))
    await resnetOutput('init', 'resnet18', '--num-classes', '5', '--out', w)
    await writeWeights(x, new Map([['x', rand([1, 3, 32, 32])]]))
    await resnetOutput('run', 'resnet18', '--weights', w, '--input', x, '--out', y)
    expect((await readWeights(y)).get('logits')?.shape).toEqual([1, 5])
  })
})

describe('resnet export', () => {
  it('writes ONNX that ONNX Runtime opens, with any batch', async () => {
    const out = join(folder, 'm.onnx')
    await resnetOutput('export', 'resnet18', '--weights', weights, '--out', out)
    const session = await InferenceSession.create(out)
    expect([session.inputNames, session.outputNames]).toEqual([['x'], ['logits']])
    for (const batch of [1, 3]) {
      const x = rand([batch, 3, 224, 224])
      const { logits } = await session.run({ x: new OrtTensor('float32', x.data, x.shape) })
      expect(logits.dims).toEqual([batch, 1000])
    }
    await session.release()
  })
})

describe('resnet predict', () => {
  const goldens = async (): Promise<Record<string, string>> =>
    (
      JSON.parse(await readFile(join(root, 'test/goldens/predict.json'), 'utf8')) as {
        logits: Record<string, string>
      }
    ).logits
  const decode = (base64: string): Float32Array =>
    new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer)

  it("gives torch and torchvision's logits for photographs of every kind", async () => {
    const { '6000x4000': large, ...files } = await goldens()
    const big = join(folder, 'large.png')
    const pixels = new Uint8Array(6000 * 4000 * 3)
    for (let y = 0, at = 0; y < 4000; y++) {
      for (let x = 0; x < 6000; x++) {
        pixels[at++] = Math.floor((x * 255) / 5999)
        pixels[at++] = ((x >> 4) ^ (y >> 4)) & 255
        pixels[at++] = Math.floor((y * 255) / 3999)
      }
    }
    await sharp(pixels, { raw: { width: 6000, height: 4000, channels: 3 } })
      .png({ compressionLevel: 1 })
      .toFile(big)
    const paths = Object.keys(files)
    const found = await answers(...paths.map(path => join(root, path)), big, '--weights', weights, '--logits')
    expect(found.map(({ image }) => image)).toEqual([...paths.map(path => join(root, path)), big])
    for (const [i, expected] of [...Object.values(files), large].entries()) {
      expectClose(found[i].image, found[i].logits ?? [], decode(expected))
    }
  })

  it('ranks the classes by name', async () => {
    const [{ image, top }] = await answers(photo, '--weights', weights, '--top', '3')
    const expected = Array.from(decode((await goldens())['assets/cat.jpg']).entries())
      .sort(([, a], [, b]) => b - a)
      .slice(0, 3)
      .map(([index]) => index)
    expect(image).toBe(photo)
    expect(top.map(({ index }) => index)).toEqual(expected)
    expect(top.every(({ score, label }) => score > 0 && score < 1 && label.length > 0)).toBe(true)
  })

  it('accepts folders, and lists a file that is not an image among the answers', async () => {
    const many = join(folder, 'many')
    await mkdir(many)
    await copyFile(photo, join(many, 'a.jpg'))
    await writeFile(join(many, 'b.jpg'), 'no image')
    await copyFile(photo, join(many, 'c.jpg'))
    const { code, stdout, stderr } = await resnet('predict', many, '--weights', weights, '--json')
    const found = JSON.parse(stdout) as Answer[]
    expect(found.map(({ image, error }) => [image, error])).toEqual([
      [join(many, 'a.jpg'), undefined],
      [join(many, 'b.jpg'), expect.stringMatching(/^is not an image; /)],
      [join(many, 'c.jpg'), undefined]
    ])
    expect(stderr).toBe('resnet: 1 of 3 images could not be classified\n')
    expect(code).toBe(2)
  })

  it('falls back to the CPU if a device is missing, with a one-line notice', async () => {
    const { code, stderr, stdout } = await resnet(
      'predict',
      photo,
      '--weights',
      weights,
      '--device',
      'coreml'
    )
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(6)
    if (stderr !== '')
      expect(stderr).toMatch(/^The device 'coreml' cannot be used here, so this runs on the CPU .*\n$/)
  })
})

describe('a mistake is one line and exit code 2', () => {
  it('is a network whose output is not finite', async () => {
    const broken = join(folder, 'nan.safetensors')
    const state = await readWeights(weights)
    floats(state.get('fc.bias')).fill(NaN)
    await writeWeights(broken, state)
    const { code, stdout, stderr } = await resnet('predict', photo, '--weights', broken)
    expect(stderr).toBe("resnet: the network's output contains NaN or infinity; check its weights\n")
    expect([code, stdout]).toEqual([2, ''])
  })

  it('does not stop the other images', async () => {
    const { code, stdout, stderr } = await resnet('predict', 'nope.jpg', photo, '--weights', weights)
    expect(stderr).toBe('resnet: 1 of 2 images could not be classified\n')
    expect(stdout).toMatch(/^nope\.jpg: no such file or folder\n.*\n.* % /)
    expect(code).toBe(2)
  })

  it('names mismatches, and all of them with --debug', async () => {
    const args = ['run', 'resnet34', '--weights', weights, '--input', weights, '--out', join(folder, 'n')]
    const { code, stderr } = await resnet(...args)
    expect(stderr).toMatch(
      /^resnet: [^\n]*: The state dict does not fit ResNet: layer1\.2\.conv1\.weight: missing; .* more .*; these are resnet18's weights: --model resnet18\n$/
    )
    expect(code).toBe(2)
    expect((await resnet(...args, '--debug')).stderr).toContain('layer4.2.bn2.running_var: missing\n')
  })

  it('lists the available modules', async () => {
    const x = join(folder, 'x3.safetensors')
    await writeWeights(x, new Map([['x', rand([1, 3, 32, 32])]]))
    const { code, stderr } = await resnet(
      'run',
      'resnet18',
      '--seed',
      '0',
      '--input',
      x,
      '--out',
      x,
      '--outputs',
      'layer5'
    )
    expect(stderr).toContain("no module named 'layer5'")
    expect(code).toBe(2)
    expect((await stat(x)).size).toBeGreaterThan(12_000)
  })
})
