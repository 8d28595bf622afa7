// What functions say that are given something else than a network, a shape or tensors.
import { describe, expect, it } from 'vitest'
import { resnet18 } from '../models/resnet/resnet.js'
import type { Module } from '../nn/module/module.js'
import { eigenCam, gradCam, gradCamPlusPlus } from './cam/cam.js'
import { scoreCam } from './cam/score-cam.js'
import { coloured } from './colour-map.js'
import { contactSheet, featureSheet } from './contact-sheet.js'
import { featureMaps, filtersOf } from './features.js'
import { buildTwins } from './flow/build-twins.js'
import { assertTwins } from './flow/compare-gradient-flow.js'
import { readFlow } from './flow/flow-reading.js'
import { integratedGradients } from './integrated-gradients.js'
import { lastSpatialLayer, spatialLayers } from './layers.js'
import { occlusion } from './occlusion.js'
import { overlay } from './overlay.js'
import { Conv2d } from '../nn/layers/convolution.js'

const net = new Conv2d(3, 4, 1)
const wrong = (value: unknown): never => value as never
const NO_NETWORK = "net: expected a network such as resnet18(), got 'resnet18'"
const NO_SHAPE = "input: expected a shape such as ['N', 3, 224, 224], got undefined"

describe('the arguments of explanations', () => {
  it.each([
    ['gradCam', gradCam],
    ['gradCamPlusPlus', gradCamPlusPlus],
    ['eigenCam', eigenCam],
    ['scoreCam', scoreCam],
    ['occlusion', occlusion],
    ['integratedGradients', integratedGradients],
    ['featureMaps', featureMaps]
  ] as const)(
    'of %s are a network and a shape',
    async (name, run: (net: Module, options: never) => unknown) => {
      await expect(async () => run(wrong('resnet18'), wrong({ input: [1, 3, 8, 8] }))).rejects.toThrow(
        `${name}: ${NO_NETWORK}`
      )
      await expect(async () => run(net, wrong({}))).rejects.toThrow(`${name}: ${NO_SHAPE}`)
    }
  )

  it('are refused where a patch has no whole size', async () => {
    const input = ['N', 3, 8, 8] as const
    await expect(occlusion(net, { input, patch: 1.5 })).rejects.toThrow(/patch: expected a whole number/)
    await expect(occlusion(net, { input, stride: 0 })).rejects.toThrow(/stride: expected a whole number/)
    await expect(gradCam(net, { input, batchSize: 0.5 })).rejects.toThrow(
      /batchSize: expected a whole number/
    )
  })

  it.each([
    ['filtersOf', filtersOf],
    ['spatialLayers', spatialLayers],
    ['lastSpatialLayer', lastSpatialLayer]
  ] as const)('of %s are checked, too', (name, run) => {
    expect(() => run(wrong('resnet18'), [1, 3, 8, 8])).toThrow(`${name}: ${NO_NETWORK}`)
    expect(() => run(net, wrong(undefined))).toThrow(`${name}: ${NO_SHAPE}`)
  })

  it('are names, builders and pairs for twins', () => {
    const seed = 0
    expect(() => buildTwins(wrong(net), resnet18, { seed })).toThrow(/^buildTwins: name: expected a string/)
    expect(() => buildTwins('mine', wrong(net), { seed })).toThrow(
      /^buildTwins: build: expected a function that builds a network, such as resnet18/
    )
    expect(() => assertTwins(wrong(net), [1, 3, 8, 8])).toThrow(/^assertTwins: twins: expected twins such as/)
    expect(() => readFlow(wrong(net))).toThrow(/expected what compareGradientFlow returns/)
  })

  it('are tensors and pictures', () => {
    expect(() => featureSheet(wrong(net))).toThrow('featureSheet: maps: expected a Tensor, got a function')
    expect(() => contactSheet(wrong('a.png'))).toThrow(
      'contactSheet: pictures: expected an array, each a picture'
    )
    expect(() => overlay(wrong('a.png'), wrong(net))).toThrow(
      "overlay: image: expected a picture, got 'a.png'"
    )
    expect(() => coloured(wrong([0.5]))).toThrow('coloured: map: expected a Tensor, got [0.5]')
  })
})
