// Networks from the user's own JavaScript files: opened by a program and by every command, trained, resumed, and opened
// again from their checkpoints, none of which makes code run that the user did not name.
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classifier, cifar_resnet8, manualSeed, openNetwork, readImage, writeWeights } from 'resnet-ts'
import { restoreNetwork } from 'resnet-ts/models'
import { CheckpointError, encodeCheckpoint, type Checkpoint } from 'resnet-ts/train'
import { OWN_NETWORK } from './support/own-network.js'
import { resnet, resnetOutput } from './support/run-cli.js'
import { bitsOf } from './support/small-training.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const digit = join(root, 'assets/digit.png')

let folder: string
let file: string
const at = (...names: string[]): string => join(folder, ...names)
const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  )
/** Another module every time: Node runs a file once. */
let written = 0
async function moduleOf(text: string): Promise<string> {
  const path = at(`module-${++written}.mjs`)
  await writeFile(path, text)
  return path
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-own-'))
  await mkdir(at('node_modules'))
  await symlink(root, at('node_modules/resnet-ts'), 'junction')
  file = at('my-net.mjs')
  await writeFile(file, OWN_NETWORK)
})
afterAll(() => rm(folder, { recursive: true }))

describe('openNetwork of a file', () => {
  it('gives the network, its input, and what prepares pictures for it', async () => {
    const opened = await openNetwork(file, { seed: 3 })
    expect(opened).toMatchObject({
      model: file,
      origin: 'untrained weights of seed 3',
      shape: [1, 8, 8],
      classes: undefined,
      file: { path: file, export: 'default' }
    })
    expect(opened.net.typeName).toBe('MyNet')
    const picture = await readImage(digit)
    expect(opened.prepare(picture).shape).toEqual([1, 8, 8])
    expect(opened.crop(picture)).toMatchObject({ width: 8, height: 8 })
    expect(bitsOf((await openNetwork(file, { seed: 3 })).net.stateDict())).toEqual(
      bitsOf(opened.net.stateDict())
    )
  })

  it('passes on what is asked for, and loads weights', async () => {
    const { net, shape } = await openNetwork(file, { numClasses: 3, inChannels: 3, input: ['N', 3, 8, 8] })
    expect(net.stateDict().get('head.bias')?.shape).toEqual([3])
    expect(shape).toEqual([3, 8, 8])
    const weights = at('weights.safetensors')
    const { net: other } = await openNetwork(file, { seed: 9 })
    await writeWeights(weights, other.stateDict())
    const loaded = await openNetwork(file, { weights })
    expect(bitsOf(loaded.net.stateDict())).toEqual(bitsOf(other.stateDict()))
    const twin = await openNetwork(file, { residual: false })
    expect(String(twin.net)).not.toContain('Residual')
  })

  it('reads names of classes and steps of preparation', async () => {
    const extra = `export const classes = [...'0123456789']
      export const transforms = [
        { name: 'resize', size: { width: 8, height: 8 } },
        { name: 'toTensor', mean: [0.5], std: [0.5] }
      ]`
    const { classes, prepare } = await openNetwork(await moduleOf(OWN_NETWORK + extra))
    expect(classes?.[8]).toBe('8')
    const white = { width: 2, height: 2, channels: 3, data: new Uint8Array(12).fill(255) } as const
    expect(prepare(white).data).toEqual(new Float32Array(64).fill(1))
  })

  it('is what a classifier is made of, as is a network', async () => {
    await using ofFile = await classifier(file)
    expect(await ofFile(digit, { topK: 2 })).toHaveLength(2)
    manualSeed(0)
    const net = cifar_resnet8({ numClasses: 2 })
    await using ofNetwork = await classifier(net, { labels: ['no', 'yes'], transforms: { cropSize: 32 } })
    const [{ label }] = await ofNetwork(digit)
    expect(['no', 'yes']).toContain(label)
  })

  it.each([
    ['export default 3', /its export 'default' is no Module/],
    ['export default class {}', /is no Module/],
    ['export const a = 1', /has no default export; it has a/],
    ['export default () => { throw new TypeError("no") }', /TypeError: no/],
    ['export default Promise.reject(new RangeError("no"))', /: RangeError: no$/],
    ['export default Promise.reject()', /: threw undefined$/],
    ['export default async () => { throw Symbol("a") }', /: threw Symbol\(a\)$/],
    ['export default new Proxy(() => 1, { getPrototypeOf() { throw Error("no") } })', /: Error: no$/],
    [OWN_NETWORK.replace('[1, 1, 8, 8]', 'new Proxy([1], { get() { throw Error("no") } })'), /: Error: no$/],
    [`${OWN_NETWORK}; export const classes = new Proxy([], { get() { throw null } })`, /: threw null$/],
    ['export function then(done) { done() }', /its export 'then' makes a promise of the file/],
    [`${OWN_NETWORK}; export const classes = 3`, /its classes should be a list of names/],
    [`${OWN_NETWORK}; export const transforms = []`, /transforms: expected an array of 1 to 64, got \[\]/],
    [
      `${OWN_NETWORK}; export const transforms = [{ name: 'evil' }]`,
      /transforms\[0\]\.name: unknown step 'evil'/
    ],
    [
      `${OWN_NETWORK}; export const transforms = [{ name: 'rgb' }]`,
      /transforms: expected steps of pictures first/
    ],
    [`${OWN_NETWORK}; export const transforms = 1`, /its transforms should be a list/],
    [OWN_NETWORK.replace('[1, 1, 8, 8]', '[1, 4, 8, 8]'), /ShapeError: stem\.0: conv2d/],
    [
      OWN_NETWORK.replace('[1, 1, 8, 8]', '[1, 8, 8]'),
      /an input of shape \[1, 8, 8\] has no batch size: give \[1, 1, 8, 8\], or \[N, 1, 8, 8\] for any/
    ],
    [OWN_NETWORK.replace('[1, 1, 8, 8]', '8'), /its inputShape should be sizes with the batch first/]
  ])('says what is wrong: %#', async (text, message) => {
    const path = await moduleOf(text)
    const error = await openNetwork(path).catch((reason: unknown) => reason)
    expect(String(error)).toMatch(message)
    expect(String(error)).toContain(path)
  })

  it('says where classes are not taken', async () => {
    const fixed = OWN_NETWORK.replace('numClasses = 10, inChannels = 1', 'inChannels = 1').replace(
      'numClasses)',
      '10)'
    )
    await expect(openNetwork(await moduleOf(fixed), { numClasses: 3 })).rejects.toThrow(
      'its network has 10 outputs, not 3, one for each class; export a function or class that takes { numClasses'
    )
  })
})

describe('a checkpoint of such a network', () => {
  const checkpointOf = async (path: string, sha256: string): Promise<Checkpoint> => ({
    network: {
      model: 'my-net.mjs',
      file: { path, export: 'default', sha256 },
      options: { numClasses: 10, inChannels: 1, residual: true },
      classes: Array.from('0123456789'),
      transforms: [
        { name: 'resize', size: { width: 8, height: 8 } },
        { name: 'toTensor', mean: [0], std: [1] }
      ]
    },
    progress: undefined,
    tensors: (await openNetwork(file, { seed: 1 })).net.stateDict()
  })

  it('runs no code that only it names, and says which file defines the network', async () => {
    const marker = at('was-run')
    const hostile = await moduleOf(
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(marker)}, ''); ${OWN_NETWORK}`
    )
    const name = hostile.slice(folder.length + 1)
    const path = at('hostile.safetensors')
    const checkpoint = await checkpointOf(name, 'ab')
    await writeFile(path, encodeCheckpoint(checkpoint))
    for (const opening of [() => openNetwork(path), () => classifier(path)]) {
      const error = await opening().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(CheckpointError)
      expect(error).toHaveProperty('remedy', { file: at(name) })
      expect(String(error)).toContain('a checkpoint never runs code: name that file')
    }
    expect(() => restoreNetwork(checkpoint)).toThrow('a checkpoint never runs code')
    const told = await resnet('predict', digit, '--checkpoint', path)
    expect(told).toMatchObject({ code: 2, stdout: '' })
    expect(told.stderr).toMatch(/^resnet: [^\n]*: --model [^\n]*\n$/)
    expect(await isThere(marker)).toBe(false)
    // Named by the user, it is.
    const notes: string[] = []
    await openNetwork(path, { file: hostile, onNote: note => notes.push(note) })
    expect(await isThere(marker)).toBe(true)
    expect(notes).toEqual([`${hostile} has changed since ${path} was saved`])
  })

  it('names a file that is missing, and one that is of no checkpoint', async () => {
    const path = at('missing.safetensors')
    await writeFile(path, encodeCheckpoint(await checkpointOf('gone.mjs', 'ab')))
    await expect(openNetwork(path, { file: at('gone.mjs') })).rejects.toThrow('gone.mjs: no such file')
  })
})

describe('the commands', () => {
  it('search a rate for a file, and compare it with its plain twin', async () => {
    const search = ['lr-find', 'digits', '--model', file, '--steps', '3', '--json']
    const { points } = JSON.parse(await resnetOutput(...search)) as { points: unknown[] }
    expect(points.length).toBeGreaterThan(0)
    const flow = await resnetOutput('gradient-flow', file, '--steps', '2', '--batch-size', '256', '--json')
    const { twins } = JSON.parse(flow) as { twins: { name: string; residual: { blocks: string[] } }[] }
    expect(twins.map(({ name, residual }) => [name, residual.blocks])).toEqual([[file, ['body']]])
  })
})
