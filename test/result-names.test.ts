// Names of intermediate results: one name gives one result wherever it is taken, and is torchvision's.
import { describe, expect, it } from 'vitest'
import {
  cifar_resnet8,
  compile,
  Conv2d,
  createFeatureExtractor,
  Module,
  rand,
  ReLU,
  Sequential
} from 'resnet-ts'
import { featureMaps, filtersOf, gradCam, spatialLayers } from 'resnet-ts/explain'
import { add, type Value } from 'resnet-ts/functional'
import { layoutDiagram, outlineNetwork, summarize } from 'resnet-ts/inspect'
import { findModel } from 'resnet-ts/models'
import { OutputError, trace } from 'resnet-ts/nn'
import { readGoldens, setStatistics } from './support/model-goldens.js'
import { engine } from './support/small-trainer.js'

const { models } = readGoldens('names.json') as { models: Readonly<Record<string, readonly string[]>> }

/** The counterpart of `SharedBlock` in the tool. */
class SharedBlock extends Module {
  block = new Sequential(new Conv2d(1, 1, 1), new ReLU())
  first = new Conv2d(1, 1, 1)
  again = this.first
  forward(x: Value): Value {
    return this.first(this.block(this.again(this.block(x))))
  }
}

/** A module that is called like another's second call. */
class Numbered extends Module {
  relu = new ReLU()
  relu_1 = new Conv2d(3, 3, 1)
  forward(x: Value): Value {
    return this.relu(this.relu_1(this.relu(add(x, -0.5))))
  }
}

const input = ['N', 3, 32, 32] as const
const x = rand([2, 3, 32, 32])

function network(): Module {
  const net = cifar_resnet8()
  setStatistics(net)
  return net
}

describe.each(Object.entries(models))('the results of %s', (name, expected) => {
  const isShared = name === 'shared block'
  const net = isShared ? new SharedBlock() : findModel(name).build()
  const shape = isShared ? ['N' as const, 1, 4, 4] : ['N' as const, 3, 64, 64]

  it('of its layers have the names that torchvision gives them', () => {
    const { calls } = trace(net, shape)
    const layers = calls.filter(({ module }) => [...module.children()].length === 0)
    // Which of a block's branches runs first is another matter.
    expect(layers.map(call => call.name).sort()).toEqual(expected.toSorted())
  })

  it('have names that differ, all of which are taken', () => {
    const names = trace(net, shape).calls.flatMap(call => (call.name === '' ? [] : [call.name]))
    expect(new Set(names).size).toBe(names.length)
    const outputs = trace(net, shape, names).graph.outputs.map(output => output.name)
    expect(outputs).toEqual(['logits', ...names])
    const features = trace(createFeatureExtractor(net, names), shape).graph.outputs
    expect(features.map(feature => feature.name)).toEqual(names)
  })
})

describe('a layer that is called twice', () => {
  const names = ['layer1.0.relu', 'layer1.0.relu_1'] as const
  const net = network()

  it('gives the same results to outputs, to an extractor and as feature maps', async () => {
    await using whole = await compile(net, { input, outputs: [...names, 'layer1'], engine })
    await using part = await compile(createFeatureExtractor(net, names), { input, engine })
    const [outputs, features] = [await whole(x), await part(x)]
    for (const layer of names) {
      expect(features[layer], layer).toEqual(outputs[layer])
      await using mapsOf = await featureMaps(net, { input, layer, engine })
      expect((await mapsOf(x)).maps.data, layer).toEqual(outputs[layer].data)
    }
    expect(outputs['layer1.0.relu_1']).toEqual(outputs.layer1)
    expect(outputs['layer1.0.relu']).not.toEqual(outputs.layer1)
  })

  it('is explained by the call that its name means', async () => {
    const mapOf = async (layer: string): Promise<Float32Array> => {
      await using explain = await gradCam(net, { input, layer, engine })
      expect(explain.layer).toBe(layer)
      return (await explain(x, { classIndex: 1 })).map.data
    }
    expect(await mapOf('layer1.0.relu_1')).toEqual(await mapOf('layer1'))
    expect(await mapOf('layer1.0.relu')).not.toEqual(await mapOf('layer1'))
  })

  it('is listed by these names', () => {
    const shape = [1, 3, 32, 32]
    expect(spatialLayers(net, input).map(({ name }) => name)).toEqual(expect.arrayContaining([...names]))
    expect(summarize(net, { input: shape }).rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...names])
    )
    const drawn = layoutDiagram(net, { style: 'layer', input: shape }).boxes.flatMap(({ layers }) => layers)
    expect(drawn).toEqual(expect.arrayContaining([...names]))
    expect(JSON.stringify(outlineNetwork(net, { input: shape }))).toContain('"id":"layer1.0.relu_1"')
    expect(Array.from(trace(net, shape).graph.names.values())).toContain('layer1.0.relu_1/relu')
  })

  it('has its filters under both names', () => {
    const shared = new SharedBlock()
    const { path, weight } = filtersOf(shared, ['N', 1, 4, 4], 'first_1')
    expect([path, weight]).toEqual(['first', shared.first.weight.data])
  })

  it('is missed in words where it is called less often', () => {
    const missing =
      (...outputs: string[]) =>
      (): unknown =>
        trace(net, input, outputs)
    expect(missing('layer1.0.relu_2')).toThrow(
      new OutputError(
        'outputs: layer1.0.relu is called 2 times by CifarResNet, so there is no layer1.0.relu_2: its results are layer1.0.relu and layer1.0.relu_1'
      )
    )
    expect(missing('conv1_1')).toThrow('outputs: conv1 is called once by CifarResNet, so there is no conv1_1')
    // There is one name for each result.
    for (const name of ['layer1.0.relu_0', 'layer1.0.relu_01']) {
      expect(missing(name)).toThrow(`CifarResNet has no module named '${name}'`)
    }
  })
})

describe('a module with the name of a second call', () => {
  it('keeps its name, which that call cannot have', () => {
    const net = new Numbered()
    const { calls } = trace(net, input)
    expect(calls.map(({ name }) => name)).toEqual(['', 'relu', 'relu_1', 'relu_2'])
    const { graph } = trace(createFeatureExtractor(net, ['relu', 'relu_1', 'relu_2']), input)
    expect(graph.outputs.map(({ value }) => value.origin)).toMatchObject([
      { op: 'relu' },
      { op: 'conv2d' },
      { op: 'relu' }
    ])
  })
})
