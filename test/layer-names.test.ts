// A layer may have the name of a graph's input or output: `x`, `logits`, `class`. All results equal those of the same
// layers under other names.
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import {
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  integratedGradients,
  lastSpatialLayer,
  occlusion,
  recordGradientFlow,
  scoreCam,
  spatialLayers,
  type Explanation,
  type LayerExplainer,
  type LayerOptions
} from 'resnet-ts/explain'
import {
  add,
  compile,
  exportOnnx,
  manualSeed,
  mean,
  mul,
  ones,
  rand,
  relu,
  type Tensor,
  type Value
} from 'resnet-ts/functional'
import { compareNetworks, drawDiagram, summarize } from 'resnet-ts/inspect'
import { BatchNorm2d, Conv2d, createFeatureExtractor, Linear, Module, Parameter, trace } from 'resnet-ts/nn'
import type { BatchSource } from 'resnet-ts/train'
import { describe, expect, it } from 'vitest'
import { expectClose } from './support/closeness.js'
import { engine, optimizer, start, steps } from './support/small-trainer.js'

const image = [3, 8, 8] as const
const input = ['N', ...image] as const
const CLASSES = 5

/** The names of a network's parts. */
interface Names {
  readonly first: string
  readonly second: string
  readonly head: string
  readonly scale: string
}
const NEUTRAL: Names = { first: 'first', second: 'second', head: 'head', scale: 'scale' }

/** Two convolutions, F(x) + x, and a parameter. */
class Net extends Module {
  readonly #names: Names
  constructor(names: Names) {
    super()
    manualSeed(5)
    this.#names = names
    Object.assign(this, {
      [names.first]: new Conv2d(3, 8, 3, { padding: 1 }),
      [names.second]: new Conv2d(8, 8, 3, { padding: 1 }),
      norm: new BatchNorm2d(8),
      [names.head]: new Linear(8, CLASSES),
      [names.scale]: new Parameter(ones([1]))
    })
  }
  forward(x: Value): Value {
    const { first, second, head, scale } = this.#names
    const before = relu(this.#part(first)(x))
    const after = add(this.#part('norm')(this.#part(second)(before)), before)
    return this.#part(head)(mul(mean(after, [2, 3]), Reflect.get(this, scale) as Parameter))
  }
  #part(name: string): Module {
    return Reflect.get(this, name) as Module
  }
}
const plain = (): Net => new Net(NEUTRAL)

/** Every name of inputs and outputs in the package's graphs. */
const NAMES = [
  ...[
    'x',
    'logits',
    'class',
    'map',
    'maps',
    'image',
    'baseline',
    'rows',
    'columns',
    'place',
    'weight',
    'slopes'
  ],
  ...['target', 'loss', 'learning_rate', 'gradient_norms', 'next_sums', 'branches', 'shortcuts', 'noise']
]
const images = rand([2, ...image])

const named = (name: string): Net => new Net({ ...NEUTRAL, second: name })
/** Each name for a layer with a feature map, for the last layer, and for a parameter. */
const RENAMED: readonly Names[] = NAMES.map((second, i) => ({
  first: 'first',
  second,
  head: NAMES[(i + 1) % NAMES.length],
  scale: NAMES[(i + 2) % NAMES.length]
}))

type Make = (net: Module, options: LayerOptions) => Promise<LayerExplainer>
const OF_LAYERS: Readonly<Record<string, Make>> = { gradCam, gradCamPlusPlus, eigenCam, scoreCam }

describe.each(Object.entries(OF_LAYERS))('%s', (_, method) => {
  const explained = async (net: Module, layer: string): Promise<Explanation> => {
    await using explain = await method(net, { input, layer, engine })
    expect(explain.layer).toBe(layer)
    return await explain(images, { classIndex: 1 })
  }

  it('explains a layer of any name', async () => {
    const expected = await explained(plain(), 'second')
    expect(expected.map.data.some(level => level !== 0)).toBe(true)
    for (const name of NAMES) expect(await explained(named(name), name), name).toEqual(expected)
  })

  it('explains a layer inside a module of any name', async () => {
    class Outer extends Module {
      readonly logits = plain()
      forward(x: Value): Value {
        return this.logits(x)
      }
    }
    expect(await explained(new Outer(), 'logits.second')).toEqual(await explained(plain(), 'second'))
  })
})

describe('a network whose parts have such names', () => {
  it('is explained by its scores', async () => {
    const explained = async (names: Names): Promise<Explanation[]> => {
      const net = new Net(names)
      await using covered = await occlusion(net, { input, patch: 4, stride: 4, engine })
      await using along = await integratedGradients(net, { input, steps: 3, engine })
      return [await covered(images, { classIndex: 1 }), await along(images, { classIndex: 1 })]
    }
    const expected = await explained(NEUTRAL)
    for (const names of RENAMED) expect(await explained(names), names.second).toEqual(expected)
  })

  it('is inspected like any other', () => {
    const shape = [1, ...image]
    const read = (names: Names): unknown => {
      const net = new Net(names)
      const neutral = (text: string): string =>
        text === names.second ? NEUTRAL.second : text === names.head ? NEUTRAL.head : text
      const drawn = drawDiagram(net, { style: 'layer', input: shape }).matchAll(/<text[^>]*>([^<]+)/g)
      return {
        summary: summarize(net, { input: shape }).rows.map(row => ({
          ...row,
          path: neutral(row.path),
          name: neutral(row.name)
        })),
        diagram: Array.from(drawn, ([, text]) => neutral(text)),
        spatial: spatialLayers(net, input).map(each => ({ ...each, name: neutral(each.name) })),
        last: lastSpatialLayer(net, input)
      }
    }
    const expected = read(NEUTRAL)
    for (const names of RENAMED) expect(read(names), names.second).toEqual(expected)
  })

  it('runs, is compared and exported', async () => {
    const shape = [2, ...image]
    await using run = await compile(plain(), { input, engine })
    const { data } = await run(images)
    for (const names of RENAMED) {
      const net = new Net(names)
      await using renamed = await compile(net, { input, engine })
      expect((await renamed(images)).data, names.second).toEqual(data)
      const { ratios } = await compareNetworks(plain(), net, { input: shape, runs: 1 })
      expect(ratios.multiplyAdds).toBe(1)
      const session = await InferenceSession.create(exportOnnx(net, { input }))
      const { logits } = await session.run({ x: new OrtTensor('float32', images.data, shape) })
      expectClose(names.second, logits.data as Float32Array, data)
    }
  })

  it('trains, and can be recorded', async () => {
    const batch = { images: rand([4, ...image]), labels: Int32Array.of(0, 1, 2, 3) }
    const train: BatchSource = { length: 2, epoch: () => [batch, batch] }
    const learned = async (names: Names): Promise<unknown> => {
      const net = new Net(names)
      await using trainer = await start(net)
      const trained = await steps(trainer, [batch, batch])
      const evaluated = await trainer.evaluate([batch])
      const weights = Array.from(await trainer.stateDict(), ([, { data }]) => data)
      const { layers, ...flow } = await recordGradientFlow(net, { train, optimizer, steps: 2, engine })
      return {
        losses: trained.map(({ loss }) => loss),
        gradients: trained.map(({ gradientNorms }) => [...gradientNorms.values()]),
        evaluated,
        weights,
        flow,
        layers: layers.map(({ parameter, ...each }) => ({
          ...each,
          parameter: parameter.replace(`${names.second}.`, `${NEUTRAL.second}.`)
        }))
      }
    }
    const expected = await learned(NEUTRAL)
    for (const names of RENAMED) expect(await learned(names), names.second).toEqual(expected)
  })
})

describe('results by name', () => {
  const second = async (): Promise<Tensor<'float32'>> => {
    await using run = await compile(plain(), { input, outputs: ['second'], engine })
    return (await run(images)).second
  }

  it('include a layer with the name of the input', async () => {
    await using run = await compile(named('x'), { input, outputs: ['x', 'first'], engine })
    const results = await run(images)
    expect(Object.keys(results).sort()).toEqual(['first', 'logits', 'x'])
    expect(results.x).toEqual(await second())
  })

  it('include a feature of any name', async () => {
    await using run = await compile(createFeatureExtractor(plain(), { first: 'logits', second: 'x' }), {
      input,
      engine
    })
    expect((await run(images)).x).toEqual(await second())
  })

  it('include one entry if the layer named logits computes the network’s output', async () => {
    const net = new Net({ ...NEUTRAL, head: 'logits' })
    await using expected = await compile(net, { input, engine })
    await using run = await compile(net, { input, outputs: ['logits'], engine })
    expect(await run(images)).toEqual({ logits: await expected(images) })
  })

  it('are refused if two would have the same name', async () => {
    const message =
      "outputs: 'logits' is what the network's own output is called; createFeatureExtractor gives a module's result another name"
    expect(() => trace(named('logits'), input, ['logits'])).toThrow(message)
    await expect(compile(named('logits'), { input, outputs: ['logits'], engine })).rejects.toThrow(message)
  })

  it('include a name once if it is requested twice', () => {
    const { graph } = trace(plain(), input, ['second', 'first', 'second'])
    expect(graph.outputs.map(({ name }) => name)).toEqual(['logits', 'second', 'first'])
  })

  it('do not change the input name of an exported file', () => {
    const message =
      "outputs: 'x' is what the network's input is called; createFeatureExtractor gives a module's result another name"
    expect(() => exportOnnx(named('x'), { input, outputs: ['x'] })).toThrow(message)
    expect(() => exportOnnx(createFeatureExtractor(plain(), { second: 'x' }), { input })).toThrow(message)
  })
})
