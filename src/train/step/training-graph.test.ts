import { expect, it } from 'vitest'
import { trainingGraph, evaluationGraph } from './training-graph.js'
import { cifar_resnet8 } from '../../models/resnet/cifar-resnet.js'
import { createFeatureExtractor } from '../../nn/trace/feature-extractor.js'
import { sgd } from '../../optim/sgd.js'
import { crossEntropy } from '../../nn/losses.js'

it('evaluates of several features the one that is trained, whatever they are called', () => {
  const net = createFeatureExtractor(cifar_resnet8(), { layer3: 'x', fc: 'scores' })
  const options = { input: [2, 3, 32, 32], loss: crossEntropy() }
  const { graph: evaluated } = evaluationGraph(net, options)
  const { graph: trained } = trainingGraph(net, {
    ...options,
    optimizer: sgd({ lr: 1 }),
    settings: new Map()
  })
  for (const { inputs, outputs, names } of [evaluated, trained]) {
    expect(names.get(inputs[0])).toBe('x')
    expect(outputs.find(({ name }) => name === 'logits')?.value.shape).toEqual([2, 10])
  }
})
