// Checkpoints: they are read as written, training resumes from them, and other files are refused by name.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createEngine,
  createTrainer,
  fit,
  randomCrop,
  readWeights,
  sgd,
  tensor,
  toTensor,
  writeWeights,
  type StateDict,
  type Trainer,
  openNetwork
} from 'resnet-ts'
import { grayscale } from 'resnet-ts/images'
import {
  CheckpointError,
  DIGITS_CHECKPOINT,
  encodeCheckpoint,
  networkTensors,
  readCheckpoint,
  startOfEpoch,
  trainerState,
  writeCheckpoint,
  type BatchSource,
  type Checkpoint,
  type CheckpointNetwork,
  type FitResult,
  type TrainingPosition,
  type RunProgress
} from 'resnet-ts/train'
import { WeightsError } from 'resnet-ts/weights'
import { bitsOf, convNet, manyBands } from './support/small-training.js'

const engine = createEngine({ threads: 1 })
let folder = ''
let path = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-checkpoint-'))
})
beforeEach(() => {
  path = join(folder, 'last.safetensors')
})
afterAll(async () => {
  await engine.dispose()
  await rm(folder, { recursive: true, force: true })
})

const network: CheckpointNetwork = {
  model: 'cifar_resnet8',
  options: { numClasses: 3, inChannels: 1, residual: true },
  classes: ['top', 'middle "quoted"', 'unten – ü'],
  transforms: [randomCrop(8, { padding: 2 }), toTensor({ mean: [0.5], std: [0.25] })]
}

const progressAt = (position: TrainingPosition, steps: number, batches: number): RunProgress => ({
  settings: { epochs: '2', lr: '0.05' },
  position,
  steps,
  batches,
  epochs: [
    {
      epoch: 1,
      step: 2,
      learningRate: 0.1 + 0.2,
      train: { loss: Math.PI, accuracy: NaN },
      validation: { loss: 1 / 3, accuracy: 0.5 },
      seconds: 1e-7,
      imagesPerSecond: Infinity
    }
  ],
  best: { epoch: 1, accuracy: 0.1 },
  losses: { every: 2, values: [1.25, 1e-300] }
})

const start = (): Promise<Trainer> =>
  createTrainer(convNet({ dropout: 0.2 }), {
    optimizer: sgd({ lr: 0.05, momentum: 0.9 }),
    accumulate: 2,
    ema: { decay: 0.6 },
    engine
  })

const someTensors = async (steps = 3): Promise<StateDict> => {
  const trainer = await start()
  for (const batch of manyBands(steps, 6)) await trainer.step(batch)
  return (await trainer.save()).tensors
}

describe('a checkpoint', () => {
  it('is read exactly as it was written', async () => {
    const tensors = await someTensors()
    const position = { ...startOfEpoch(1), batch: 1, images: 6, loss: 0.1 + 0.2, correct: 5, labelled: 6 }
    const written: Checkpoint = { network, progress: progressAt(position, 1, 3), tensors }
    await writeCheckpoint(path, written)
    const found = await readCheckpoint(path)
    expect({ network: found.network, progress: found.progress }).toEqual({
      network,
      progress: written.progress
    })
    expect(bitsOf(found.tensors)).toEqual(bitsOf(tensors))
    expect([...found.tensors.keys()]).toEqual([...tensors.keys()])
    // A checkpoint is also a valid file of weights.
    expect(bitsOf(await readWeights(path))).toEqual(bitsOf(tensors))
  })

  it('encodes to the same bytes in memory', async () => {
    const tensors = await someTensors()
    const position = { ...startOfEpoch(1), batch: 1, images: 6, loss: 0.3, correct: 5, labelled: 6 }
    const written: Checkpoint = { network, progress: progressAt(position, 1, 3), tensors }
    await writeCheckpoint(path, written)
    expect(Buffer.from(encodeCheckpoint(written)).equals(await readFile(path))).toBe(true)
  })

  it('may be of a finished run', async () => {
    const tensors = convNet().stateDict()
    await writeCheckpoint(path, { network, progress: undefined, tensors })
    const found = await readCheckpoint(path)
    expect(found.progress).toBeUndefined()
    expect(bitsOf(networkTensors(found.tensors))).toEqual(bitsOf(tensors))
    expect(trainerState(found)).toMatchObject({ steps: 0, batches: 0 })
  })

  it('gives the network only its own tensors, averaged if there is a moving average', async () => {
    const trainer = await start()
    for (const batch of manyBands(4, 6)) await trainer.step(batch)
    const { tensors } = await trainer.save()
    const averaged = await trainer.averagedStateDict()
    expect(bitsOf(networkTensors(tensors))).toEqual(bitsOf(averaged))
    const plain = new Map(Array.from(tensors).filter(([name]) => !name.startsWith('average/')))
    const current = await trainer.stateDict()
    expect(bitsOf(networkTensors(plain))).toEqual(bitsOf(current))
    expect(bitsOf(averaged)['fc.weight']).not.toBe(bitsOf(current)['fc.weight'])
    expect(() => convNet().loadStateDict(networkTensors(tensors))).not.toThrow()
  })

  it('is sufficient to resume in another process', async () => {
    const train: BatchSource = {
      length: 5,
      epoch: (index, { from = 0 } = {}) => manyBands(5, 6, 50 * index).slice(from)
    }
    const whole = await start()
    const expected = await fit(whole, { train, epochs: 2 })

    const before = await start()
    const stopping = new AbortController()
    const stopped = await fit(before, {
      train,
      epochs: 2,
      signal: stopping.signal,
      onBatch: ({ position: { batch } }) => {
        if (batch === 3) stopping.abort()
      }
    })
    const { tensors, steps, batches } = await before.save()
    const progress = progressAt(stopped.position, steps, batches)
    await writeCheckpoint(path, { network, progress, tensors })

    const found = await readCheckpoint(path)
    const after = await start()
    await after.restore(trainerState(found))
    const resumed = await fit(after, { train, epochs: 2, from: found.progress?.position ?? startOfEpoch(0) })
    const of = ({ epochs }: FitResult): unknown =>
      epochs.map(({ epoch, step, train }) => ({ epoch, step, train }))
    expect(of(resumed)).toEqual(of(expected))
    expect(bitsOf((await after.save()).tensors)).toEqual(bitsOf((await whole.save()).tensors))
  })
})

describe('readCheckpoint', () => {
  it('refuses weights that are no checkpoint', async () => {
    for (const name of ['plain.safetensors', 'plain.pth']) {
      const plain = join(folder, name)
      await writeWeights(plain, convNet().stateDict())
      await expect(readCheckpoint(plain)).rejects.toThrow(CheckpointError)
      await expect(readCheckpoint(plain)).rejects.toThrow(`${plain}: holds weights, but not which model`)
    }
  })

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['another version', JSON.stringify({ version: 2, network })],
    ['no network', JSON.stringify({ version: 1 })],
    ['classes that are no list', JSON.stringify({ version: 1, network: { ...network, classes: 'abc' } })]
  ])('refuses metadata with %s', async (_, about) => {
    await writeWeights(path, convNet().stateDict(), { metadata: { 'resnet-ts': about } })
    await expect(readCheckpoint(path)).rejects.toThrow(CheckpointError)
    await expect(readCheckpoint(path)).rejects.toThrow(`${path}: was not written by this version`)
  })

  it.each([
    ['no list', {}, 'transforms: expected an array of 1 to 64, got an object'],
    ['an unknown step', [{ name: 'blur' }], "transforms[0].name: unknown step 'blur'"],
    [
      'a huge size',
      [{ name: 'resize', size: 1e9 }, toTensor()],
      'transforms[0].size: expected a whole number'
    ]
  ])('refuses pictures prepared by %s, and says where', async (_, transforms, fault) => {
    const about = JSON.stringify({ version: 1, network: { ...network, transforms } })
    await writeWeights(path, convNet().stateDict(), { metadata: { 'resnet-ts': about } })
    await expect(readCheckpoint(path)).rejects.toThrow(CheckpointError)
    await expect(readCheckpoint(path)).rejects.toThrow(`${path}: network.${fault}`)
  })

  it('takes colour for a network of one channel, also where a checkpoint has no step for that', async () => {
    const { transforms } = await readCheckpoint(DIGITS_CHECKPOINT).then(({ network }) => network)
    expect(transforms.map(({ name }) => name)).toEqual(['resize', 'toTensor'])
    const opened = await openNetwork(DIGITS_CHECKPOINT)
    const { prepare, crop } = opened
    expect(opened.transforms).toEqual([grayscale(), ...transforms])
    const red = { width: 8, height: 8, channels: 3, data: new Uint8Array(192) } as const
    red.data.forEach((_, i) => (red.data[i] = i % 3 === 0 ? 255 : 0))
    // ITU-R 601-2: 0.299 of 255.
    expect(crop(red)).toEqual({ width: 8, height: 8, channels: 1, data: new Uint8Array(64).fill(76) })
    expect(prepare(red).data[0]).toBeCloseTo((76 / 255 - 0.3053) / 0.376, 6)
  })

  it('names a file that is damaged or missing', async () => {
    await writeCheckpoint(path, { network, progress: undefined, tensors: await someTensors(1) })
    const bytes = await readFile(path)
    const middle = bytes.length / 2
    const damages: [string, Uint8Array][] = [
      ['empty', new Uint8Array(0)],
      ['cut in its header', bytes.subarray(0, 100)],
      ['cut in its tensors', bytes.subarray(0, middle)],
      ['without its last byte', bytes.subarray(0, -1)],
      ['with a header of another length', Buffer.concat([Buffer.of(255, 255), bytes.subarray(2)])],
      [
        'with bytes for its header',
        Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(50), bytes.subarray(58)])
      ]
    ]
    for (const [what, damaged] of damages) {
      await writeFile(path, damaged)
      const reading = readCheckpoint(path)
      await expect(reading, what).rejects.toBeInstanceOf(WeightsError)
      await expect(reading, what).rejects.toThrow(`${path}: `)
    }
    const missing = join(folder, 'missing.safetensors')
    await expect(readCheckpoint(missing)).rejects.toThrow(`${missing}: no such file`)
  })
})

describe('writeCheckpoint', () => {
  it('that fails leaves the old file intact, and no temporary file', async () => {
    const tensors = convNet().stateDict()
    await writeCheckpoint(path, { network, progress: undefined, tensors })
    const old = await readFile(path)
    // The sizes can be read, the bytes cannot.
    const failing = tensor(new Float32Array(8))
    const { data } = failing
    let reads = 0
    Object.defineProperty(failing, 'data', {
      get() {
        if (++reads > 1) throw new Error('the memory is gone')
        return data
      }
    })
    const writing = writeCheckpoint(path, {
      network,
      progress: undefined,
      tensors: new Map([...tensors, ['z', failing]])
    })
    await expect(writing).rejects.toThrow('the memory is gone')
    expect(reads).toBe(2)
    expect(await readFile(path)).toEqual(old)
    expect((await readdir(folder)).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it('names a path that cannot be written', async () => {
    const nowhere = join(folder, 'nowhere', 'last.safetensors')
    const writing = writeCheckpoint(nowhere, { network, progress: undefined, tensors: new Map() })
    await expect(writing).rejects.toThrow(WeightsError)
    await expect(writing).rejects.toThrow(nowhere)
    await expect(
      writeCheckpoint(join(folder, 'last.pth'), { network, progress: undefined, tensors: new Map() })
    ).rejects.toThrow('only .safetensors holds metadata')
  })
})
