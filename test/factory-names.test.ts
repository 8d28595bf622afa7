// Every public factory of losses, transforms, data sets, orders, optimisers and schedules, and every function of training, names
// itself in its errors, as one call in a long list of transforms or options has to be found by its name.
import { describe, expect, it } from 'vitest'
import { ResnetError } from 'resnet-ts'
import { packedDataset } from 'resnet-ts/data'
import { publicEntries } from './support/public-entries.js'

const entries = await publicEntries()
const dataset = packedDataset({
  ...{ width: 1, height: 1, channels: 1 },
  ...{ data: new Uint8Array(2), labels: [0, 1], classes: ['a', 'b'] }
})

type Wrong = readonly (readonly unknown[])[]

/** Calls that are wrong, by the function's name. */
const LOSSES: Readonly<Record<string, Wrong>> = {
  crossEntropy: [[{ labelSmoothing: 2 }], [{ labelsmoothing: 0.1 }], [3]],
  binaryCrossEntropyWithLogits: [[{ posWeight: 'x' }], [{ weights: [1] }]],
  meanSquaredError: [[{ reduction: 'sum' }]]
}

const BY_ENTRY: Readonly<Record<string, Readonly<Record<string, Wrong>>>> = {
  optim: {
    adam: [[{ lr: -1 }], [{ lr: 1, beta: 1 }], [3]],
    constantLr: [[{ lr: 1 }], [3]],
    adamw: [[{ lr: 1, weightDecay: -1 }], [3]],
    lamb: [[{ lr: '1' }], [{ lr: 1, p: 1 }]],
    lars: [[{ lr: NaN }], [{ lr: 1, momentum: 'x' }]],
    rmsprop: [[{ lr: 1, alpha: 2 }], [null]],
    sgd: [[{ lr: 0.1, momentum: -1 }], [{ learningRate: 1 }]],
    cosineLr: [[0], ['x'], [{}]],
    exponentialLr: [[0], ['x']],
    multiStepLr: [[3], [[-1]]],
    oneCycleLr: [[{}], [0], [3, { maxLr: 1 }]],
    perEpoch: [
      [3, 1],
      [{}, 1]
    ],
    polynomialLr: [[0], ['x']],
    stepLr: [[0], [2.5], [3, -1]],
    warmUp: [
      [0, 3],
      [-1, () => 1],
      [2, () => 1, 3]
    ]
  },
  images: {
    centerCrop: [[0], ['x'], [[1]]],
    cifarPreset: [[{ paddings: 4 }], [3]],
    colorJitter: [[{ brightness: -1 }], [{ colour: 1 }]],
    cutmix: [[{ alpha: 0 }], [{ p: 7 }], [3]],
    describePipeline: [[3], [() => 1]],
    encodePng: [[{}], ['x'], [{ width: 1, height: 1, channels: 2, data: new Uint8Array(2) }]],
    grayscale: [[2], ['x']],
    imageClassification: [[{ cropSize: 0 }], [{ crop: 1 }]],
    makePipeline: [[null], [3]],
    mixup: [[{ alpha: -1 }], [{ p: 7 }]],
    randAugment: [[{ numOps: -1 }], [{ ops: 2 }]],
    randomCrop: [[0], [8, { padding: -1 }], [8, { pad: 1 }]],
    randomErasing: [[{ p: 7 }], [{ q: 1 }]],
    randomHorizontalFlip: [[2], ['x']],
    randomResizedCrop: [[0], [8, { scale: 1 }]],
    randomVerticalFlip: [[-1]],
    readPipeline: [[3, null]],
    resize: [['x'], [[1, 2, 3]], [[8, 8], { by: 'x' }]],
    resizeShorter: [[0], ['x']],
    rgb: [[{ p: 1 }], [3]],
    toTensor: [[{ mean: 'x' }], [{ means: [1] }]],
    trainingPreset: [[{ cropSize: -1 }], [{ p: 1 }]]
  },
  data: {
    cifar10: [
      ['x', {}],
      ['x', { train: 1 }]
    ],
    cifar100: [['x', {}]],
    classBalancedOrder: [[3], [[]]],
    concatenateDatasets: [[[]], [3], [[{}]]],
    createLoader: [
      [{}, { batchSize: 1 }],
      [dataset, { batchSize: 0 }],
      [dataset, { size: 1 }]
    ],
    digits: [[{ path: 'x' }], [3]],
    fashionMnist: [['x', { train: 1 }]],
    imageFolder: [[3], ['x', { onleftOut: 1 }]],
    mnist: [['x', {}]],
    packedDataset: [[{}], [3]],
    randomSplit: [
      [dataset, 2, 0],
      [{}, 0.5, 0]
    ],
    relabel: [
      [{}, ['a']],
      ['x', ['a']],
      [dataset, 'ab']
    ],
    sequentialOrder: [['x'], [-1]],
    shuffledOrder: [
      ['x', 1],
      [3, 'x']
    ],
    splitFolders: [[3], [{}], ['x', { p: 1 }]],
    subset: [
      [{}, [0]],
      [dataset, [7]],
      [dataset, 1]
    ]
  },
  train: {
    createTrainer: [[{}], [null, {}]],
    encodeCheckpoint: [[{}], [3]],
    evaluate: [[3], [{}, []]],
    findLearningRate: [[3], [{}, [], 3]],
    fit: [
      [3, {}],
      [{}, {}]
    ],
    freeze: [[3, 'x']],
    freezeBatchNorm: [[3]],
    htmlReport: [[3], [{}]],
    networkTensors: [[3]],
    parseMetricsLines: [[3]],
    progressLine: [[3], [{}]],
    searchedRate: [[3]],
    terminalChart: [[3], [[], { widths: 1 }]],
    trainerState: [[3]],
    writeCheckpoint: [
      ['x', {}],
      ['x', 3]
    ]
  }
}

/** Nothing that they are given is wrong, or they name the file that they are given. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  optim: [],
  images: ['readImage', 'writeImage'],
  data: ['readIdx'],
  train: ['readCheckpoint', 'startOfEpoch', 'metricsLine']
}

function exportsOf(entry: string): Readonly<Record<string, unknown>> {
  const found = entries.find(({ name }) => name === `resnet-ts/${entry}`)
  if (!found) throw new Error(`there is no entry ${entry}`)
  return found.exports
}

async function expectNamed(entry: string, name: string, wrong: Wrong): Promise<void> {
  const call = exportsOf(entry)[name] as (...args: readonly unknown[]) => unknown
  for (const args of wrong) {
    const error: unknown = await (async () => call(...args))().then(
      () => 'no error',
      (found: unknown) => found
    )
    expect(error, `${name}(${args.map(String).join(', ')})`).toBeInstanceOf(ResnetError)
    expect((error as Error).message).toMatch(new RegExp(`^${name}[:.]`))
  }
}

describe.each(Object.entries(BY_ENTRY))('resnet-ts/%s', (entry, table) => {
  it('has no function that is missing here', () => {
    const functions = Object.entries(exportsOf(entry)).flatMap(([name, value]) =>
      typeof value === 'function' && !name.endsWith('Error') ? [name] : []
    )
    expect(functions.sort()).toEqual([...Object.keys(table), ...OTHERS[entry]].sort())
  })

  it.each(Object.entries(table))('%s names itself', (name, wrong) => expectNamed(entry, name, wrong))
})

describe('losses', () => {
  it('are all here', () => {
    const names = Object.keys(exportsOf('nn')).filter(name => /(entropy|error|loss|logits)$/i.test(name))
    // Classes of errors end like the mean of squares.
    expect(names.filter(name => /^[a-z]/.test(name)).sort()).toEqual(Object.keys(LOSSES).sort())
  })

  it.each(Object.entries(LOSSES))('%s names itself', (name, wrong) => expectNamed('nn', name, wrong))
})
