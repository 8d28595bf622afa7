// Explanations through the public API, against torch, pytorch-grad-cam and captum (tools/explain_goldens.py).
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  eigenCam,
  ExplainError,
  featureMaps,
  gradCam,
  gradCamPlusPlus,
  integratedGradients,
  lastSpatialLayer,
  occlusion,
  scoreCam,
  spatialLayers,
  type Explanation,
  type ExplainOptions,
  type LayerExplainer,
  type LayerOptions
} from 'resnet-ts/explain'
import {
  RandomGenerator,
  manualSeed,
  mean,
  rand,
  sub,
  tensor,
  toFloat32,
  type Tensor,
  type Value
} from 'resnet-ts/functional'
import { imageClassification, readImage } from 'resnet-ts/images'
import { cifar_resnet8, resnet18, resnet50, vgg11 } from 'resnet-ts/models'
import { Linear, Module, OutputError } from 'resnet-ts/nn'
import { expectClose } from './support/closeness.js'

interface Encoded {
  readonly shape: readonly number[]
  readonly data: string
}
interface Sample {
  readonly stride: number
  readonly elements: string
  readonly largest: number
  readonly sum: number
}
type Method = 'gradcam' | 'gradcam++' | 'eigencam' | 'scorecam'
interface Goldens {
  readonly cifar_resnet8: {
    readonly classes: readonly number[]
    readonly logits: Encoded
    readonly layers: Readonly<
      Record<
        string,
        {
          readonly torch: Record<Method, Encoded>
          readonly 'grad-cam': Record<Method, Encoded> & { heat: Sample }
        }
      >
    >
    readonly occlusion: {
      readonly patch: number
      readonly stride: number
      readonly fill: readonly number[]
      readonly probability: Encoded
      readonly logit: Encoded
      readonly captum: Sample
    }
    readonly integrated: {
      readonly steps: number
      readonly middle: Sample
      readonly end: Sample
      readonly captum: Sample
    }
  }
  readonly resnet18: {
    readonly class: number
    readonly logits: Sample
    readonly layer4: Encoded
    readonly 'layer3.1.conv1': Encoded
    readonly 'grad-cam': Encoded
  }
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const goldens = JSON.parse(await readFile(path('goldens/explain.json'), 'utf8')) as Goldens
const small = goldens.cifar_resnet8

/** Gradients pass through the network twice in single precision, summed in another order than torch's. */
const GRADIENT_TOLERANCE = 1e-4

const floats = (base64: string): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer)
function expectMap(what: string, found: Tensor<'float32'>, expected: Encoded): void {
  expect(found.shape, what).toEqual(expected.shape)
  expectClose(what, found.data, floats(expected.data), { tolerance: GRADIENT_TOLERANCE })
}
function expectSample(what: string, found: Tensor<'float32'>, { stride, elements, largest }: Sample): void {
  const chosen = found.data.filter((_, i) => i % stride === 0)
  expectClose(what, chosen, floats(elements), { tolerance: GRADIENT_TOLERANCE, scale: largest })
}

const input = ['N', 3, 32, 32] as const
const net = (() => {
  manualSeed(0)
  return cifar_resnet8()
})()
// torch.rand with a separate generator, seeded with 1.
const noise = (seed: number, shape: readonly number[]): Tensor<'float32'> =>
  tensor(new RandomGenerator(seed).uniform(shape.reduce((a, b) => a * b, 1)), shape)
const images = noise(1, [2, 3, 32, 32])
const first = tensor(images.data.slice(0, 3 * 32 * 32), [1, 3, 32, 32])

type Make = (options: LayerOptions) => Promise<LayerExplainer>
const PAPERS: Readonly<Record<Method, Make>> = {
  gradcam: options => gradCam(net, options),
  'gradcam++': options => gradCamPlusPlus(net, options),
  eigencam: options => eigenCam(net, options),
  scorecam: options => scoreCam(net, options)
}
const PACKAGE: Readonly<Record<Method, Make>> = {
  gradcam: options => gradCam(net, options),
  'gradcam++': options => gradCamPlusPlus(net, { ...options, eps: 1e-6 }),
  eigencam: options => eigenCam(net, { ...options, centered: true }),
  scorecam: options => scoreCam(net, { ...options, alignCorners: true })
}

describe('class activation maps', () => {
  for (const layer of ['layer2', 'layer3']) {
    for (const method of Object.keys(PAPERS) as Method[]) {
      it(`${method} of ${layer}: the paper's formula in torch, and pytorch-grad-cam by its conventions`, async () => {
        const { torch, 'grad-cam': byPackage } = small.layers[layer]
        const request = { classIndex: small.classes }
        const paper = await PAPERS[method]({ input, layer })
        const { map, heat, classIndex, logits } = await paper(images, request)
        expectMap('torch', map, torch[method])
        expectClose('logits', logits.data, floats(small.logits.data))
        expect(classIndex).toEqual(small.classes)
        expect(heat.shape).toEqual([2, 32, 32])
        const conventional = await PACKAGE[method]({ input, layer })
        expectMap('pytorch-grad-cam', (await conventional(images, request)).map, byPackage[method])
      })
    }
  }

  it('is Grad-CAM of torch for resnet18 on a photograph, in its last stage and inside a block', async () => {
    manualSeed(0)
    const large = resnet18()
    const x = imageClassification({ cropSize: 224 })(await readImage(path('../assets/cat.jpg')))
    const {
      class: classIndex,
      logits,
      layer4,
      'layer3.1.conv1': inner,
      'grad-cam': byPackage
    } = goldens.resnet18
    const photo = x.reshape([1, ...x.shape])
    const shape = ['N', 3, 224, 224] as const
    await using explain = await gradCam(large, { input: shape })
    expect(explain.layer).toBe('layer4')
    const found = await explain(photo, { classIndex })
    expectSample('logits', found.logits, logits)
    expectMap('layer4', found.map, layer4)
    expectMap('pytorch-grad-cam', found.map, byPackage)
    await using inside = await gradCam(large, { input: shape, layer: 'layer3.1.conv1' })
    expectMap('layer3.1.conv1', (await inside(photo, { classIndex })).map, inner)
  })

  it('uses one session for all classes and batch sizes, and explains the most probable class by default', async () => {
    await using explain = await gradCam(net, { input, batchSize: 2 })
    const three = noise(3, [3, 3, 32, 32])
    const found = await explain(three)
    const largest = found.classIndex.map((_, i) => {
      const row = found.logits.data.subarray(i * 10, (i + 1) * 10)
      return row.indexOf(Math.max(...row))
    })
    expect(found.classIndex).toEqual(largest)
    // The same one by one, in parts, and with the class given.
    const named = await explain(three, { classIndex: largest })
    expect(named.map.data).toEqual(found.map.data)
    const last = await explain(tensor(three.data.slice(2 * 3 * 32 * 32), [1, 3, 32, 32]), {
      classIndex: largest[2]
    })
    expectClose('the last alone', last.map.data, found.map.data.slice(2 * 8 * 8))
    const other = await explain(three, { classIndex: (largest[0] + 1) % 10 })
    expect(other.map.data).not.toEqual(found.map.data)
    expect(other.score[0]).toBeLessThan(found.score[0])
  })

  it('computes heat from 0 to 1 over the image', async () => {
    await using explain = await eigenCam(net, { input })
    const { heat, map } = await explain(images)
    expect(map.shape).toEqual([2, 8, 8])
    expect(heat.shape).toEqual([2, 32, 32])
    expect(Math.min(...heat.data)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...heat.data)).toBeLessThanOrEqual(1)
    expect(Math.max(...heat.data)).toBeGreaterThan(0.9)
  })

  it('runs fewer channels of Score-CAM on request, and reports progress', async () => {
    const calls: string[] = []
    const onProgress = (done: number, of: number): void => void calls.push(`${done}/${of}`)
    await using explain = await scoreCam(net, { input, maxChannels: 20, batchSize: 8, onProgress })
    const found = await explain(first, { classIndex: 3 })
    expect(calls).toEqual(['8/20', '16/20', '20/20'])
    await using whole = await scoreCam(net, { input, maxChannels: 64 })
    await using all = await scoreCam(net, { input })
    const everything = await all(first, { classIndex: 3 })
    expect((await whole(first, { classIndex: 3 })).map.data).toEqual(everything.map.data)
    expect(found.map.data).not.toEqual(everything.map.data)
  })
})

describe('occlusion', () => {
  const { patch, stride, fill, probability, logit, captum } = small.occlusion
  it('equals a loop over covered images, and captum', async () => {
    const options = { input, patch, stride, baseline: fill, batchSize: 7 }
    await using explain = await occlusion(net, options)
    const { map, heat } = await explain(first, { classIndex: small.classes[0] })
    expectMap('probability', map.reshape(map.shape.slice(1)), probability)
    expect(heat.shape).toEqual([1, 32, 32])
    await using raw = await occlusion(net, { ...options, of: 'logit' })
    const found = await raw(first, { classIndex: small.classes[0] })
    expectMap('logit', found.map.reshape(found.map.shape.slice(1)), logit)
    expectSample('captum', found.attributions, captum)
  })
})

describe('integrated gradients', () => {
  const { steps, middle, end, captum } = small.integrated
  const baseline = noise(2, [3, 32, 32])
  const request = { classIndex: small.classes[0] }
  it('equal a loop in torch, and captum', async () => {
    await using explain = await integratedGradients(net, { input, steps, baseline, batchSize: 6 })
    const { attributions } = await explain(first, request)
    expectSample('torch', attributions, middle)
    expectSample('captum', attributions, captum)
    await using paper = await integratedGradients(net, { input, steps, baseline, at: 'end' })
    expectSample('the paper’s sum', (await paper(first, request)).attributions, end)
  })

  it('add up to the gain of the score, more exactly with more steps', async () => {
    const gaps: number[] = []
    for (const taken of [4, 100]) {
      await using explain = await integratedGradients(net, { input, steps: taken, baseline })
      const { total, gain, map } = await explain(first, request)
      gaps.push(Math.abs(total[0] - gain[0]) / Math.abs(gain[0]))
      const added = map.data.reduce((sum, each) => sum + each, 0)
      expect(Math.abs(added - total[0])).toBeLessThan(1e-4 * Math.abs(total[0]))
    }
    // The error comes from the kinks of the ReLUs on the path.
    expect(gaps[1]).toBeLessThan(5e-3)
    expect(gaps[1]).toBeLessThan(gaps[0])
  })
})

describe('a single output that tells two classes apart', () => {
  const small = ['N', 3, 8, 8] as const
  const [single, pair] = [1, 2].map(numClasses => {
    manualSeed(5)
    return cifar_resnet8({ numClasses })
  })
  // The pair's outputs are −x and x of the single one.
  const state = single.stateDict()
  for (const name of ['fc.weight', 'fc.bias']) {
    const { data, shape } = toFloat32(state.get(name) ?? tensor([]))
    state.set(name, tensor([...data.map(x => -x), ...data], [2, ...shape.slice(1)]))
  }
  pair.loadStateDict(state)
  const pictures = noise(6, [2, 3, 8, 8])

  it.each([
    ['gradCam', gradCam],
    ['gradCamPlusPlus', gradCamPlusPlus],
    ['eigenCam', eigenCam],
    ['scoreCam', (net: Module, options: LayerOptions) => scoreCam(net, { ...options, maxChannels: 4 })],
    ['occlusion', (net: Module, options: ExplainOptions) => occlusion(net, { ...options, patch: 4 })],
    [
      'integratedGradients',
      (net: Module, options: ExplainOptions) => integratedGradients(net, { ...options, steps: 3 })
    ]
  ] as const)('is explained by %s for either, as two outputs are that say the same', async (_, method) => {
    await using explain = await method(single, { input: small, twoClasses: true })
    await using expected = await method(pair, { input: small, multiLabel: true })
    for (const request of [{ classIndex: [0, 1] }, {}]) {
      const [found, same] = [await explain(pictures, request), await expected(pictures, request)]
      expect(found.classIndex).toEqual(same.classIndex)
      for (const [i, score] of found.score.entries()) expect(score).toBeCloseTo(same.score[i], 5)
      expectClose('logits', found.logits.data, same.logits.data)
      expectClose('map', found.map.data, same.map.data, { tolerance: GRADIENT_TOLERANCE })
    }
  })

  it('is told by name: other outputs are refused, and a class 1 without it', async () => {
    const refused = /^twoClasses: is for a single output, \[N, 1\], which tells two apart; .* gives \[N, 2\]$/
    await expect(gradCam(pair, { input: small, twoClasses: true })).rejects.toThrow(refused)
    await expect(featureMaps(pair, { input: small, twoClasses: true })).rejects.toThrow(refused)
    await using explain = await gradCam(single, { input: small })
    await expect(explain(pictures, { classIndex: 1 })).rejects.toThrow('tells 1 apart')
    await using features = await featureMaps(single, { input: small, twoClasses: true })
    expect((await features(pictures)).logits.shape).toEqual([2, 2])
  })
})

describe('layers', () => {
  it('finds the last one with a feature map in any network', () => {
    const shape = ['N', 3, 224, 224] as const
    expect(lastSpatialLayer(resnet50(), shape)).toBe('layer4')
    expect(lastSpatialLayer(vgg11(), shape)).toBe('features')
    expect(lastSpatialLayer(net, input)).toBe('layer3')
    expect(spatialLayers(net, input).map(({ name }) => name)).toContain('layer1.0.conv2')
    expect(spatialLayers(net, input).map(({ name }) => name)).not.toContain('fc')
  })

  it('reports an invalid layer or class', async () => {
    await expect(gradCam(net, { input, layer: 'layer9' })).rejects.toThrow(OutputError)
    await expect(gradCam(net, { input, layer: 'fc' })).rejects.toThrow(
      new ExplainError(
        'fc gives [N, 10], which is no map over the image; layer3 is the last layer that gives one'
      )
    )
    await expect(scoreCam(net, { input, layer: 'avgpool' })).rejects.toThrow(/^avgpool gives \[N, 64, 1, 1\]/)
    await using explain = await gradCam(net, { input })
    await expect(explain(images, { classIndex: 10 })).rejects.toThrow(
      new ExplainError('There is no class 10: the network tells 10 apart, 0 to 9')
    )
    await expect(explain(images, { classIndex: [1] })).rejects.toThrow('classIndex: 1 class for 2 images')
    await expect(lastLayerOf(new Flat())).rejects.toThrow(/Flat has no layer whose result is/)
    await expect(occlusion(net, { input, patch: 8, stride: 9 })).rejects.toThrow(/leaves gaps/)
    await expect(integratedGradients(net, { input, steps: 0 })).rejects.toThrow(/steps/)
  })
})

class Flat extends Module {
  fc = new Linear(3, 2)
  forward(x: Value): Value {
    return this.fc(mean(x, [2, 3]))
  }
}
const lastLayerOf = async (flat: Module): Promise<string> => lastSpatialLayer(flat, input)

describe('users’ networks', () => {
  // The gradient of a mean over the batch depends on the batch size.
  class OverBatch extends Module {
    body = cifar_resnet8()
    forward(x: Value): Value {
      const logits = this.body(x)
      return sub(logits, mean(logits, 0, { keepDim: true }))
    }
  }

  it('are explained image by image if their batch cannot be symbolic', async () => {
    manualSeed(4)
    const odd = new OverBatch()
    await using explain = await gradCam(odd, { input, layer: 'body.layer3' })
    const { map }: Explanation = await explain(rand([3, 3, 32, 32]), { classIndex: 1 })
    expect(map.shape).toEqual([3, 8, 8])
    // A logit minus itself has a zero gradient.
    expect(Math.max(...map.data)).toBe(0)
  })
})
