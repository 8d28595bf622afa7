// Networks whose weights cannot tell what they compute, against torch (tools/arithmetic_goldens.py).
import { Bottleneck, openNetwork, ResNet, type ResNetOptions } from 'resnet-ts'
import { findModel } from 'resnet-ts/models'
import { translateWeights } from 'resnet-ts/weights'
import { readFileSync } from 'node:fs'
import { it } from 'vitest'
import { readGoldens } from '../support/model-goldens.js'
import { expectNumbers, expectTimm, giveValues, type Numbers } from '../support/timm-goldens.js'

const GOLDENS = readGoldens('arithmetic.json') as Readonly<Record<string, Numbers>>
const small = (options: ResNetOptions = {}): ResNet =>
  new ResNet(Bottleneck, [1, 1, 1, 1], { numClasses: 10, ...options })

it.each([
  ['stride', { strideIn1x1: true }],
  ['odd', { strideIn1x1: true, groups: 32, widthPerGroup: 4 }],
  ['eps', { eps: 1e-3 }]
] as const)('an option changes what is computed as in torch: %s', async (name, options) => {
  await expectTimm(name, small(options), GOLDENS[name])
})

it('weights take pictures of another order', async () => {
  const weights = giveValues(small()).stateDict()
  const { net } = await openNetwork(() => small(), { weights, assume: { pixels: 'bgr' } })
  await expectNumbers('bgr', net, GOLDENS.bgr)
})

it('weights in Caffe’s style compute what they were trained for', async () => {
  const net = giveValues(findModel('resnet26').build({ numClasses: 10 }))
  const weights = translateWeights(net.stateDict(), { to: 'detectron2' })
  const assume = { strideIn1x1: true, eps: 1e-3, pixels: 'caffe' } as const
  const { net: opened } = await openNetwork('resnet26', { weights, assume })
  await expectNumbers('caffe', opened, GOLDENS.caffe)
})

it('torchvision’s quantized weights compute what the numbers that they stand for compute', async () => {
  const file = (name: string): URL => new URL(`../goldens/weights/quantized.${name}`, import.meta.url)
  const { net } = await openNetwork('cifar_resnet8', { weights: file('pth') })
  await expectNumbers('quantized', net, JSON.parse(readFileSync(file('json'), 'utf8')) as Numbers)
})
