// Networks with another normalisation, through the public API: they train, run and are exported.
import { describe, expect, it } from 'vitest'
import {
  compile,
  createTrainer,
  crossEntropy,
  exportOnnx,
  manualSeed,
  rand,
  sgd,
  type Module
} from 'resnet-ts'
import { BasicBlock, ResNet } from 'resnet-ts/models'
import { FrozenBatchNorm2d, GroupNorm, LayerNorm2d } from 'resnet-ts/nn'

describe.each<[string, (channels: number) => Module]>([
  ['GroupNorm', channels => new GroupNorm(32, channels)],
  ['LayerNorm2d', channels => new LayerNorm2d(channels)],
  ['FrozenBatchNorm2d', channels => new FrozenBatchNorm2d(channels)]
])('a network with %s', (name, normLayer) => {
  it('learns a batch by heart, then runs and is exported', async () => {
    manualSeed(0)
    const zeroInitResidual = name !== 'FrozenBatchNorm2d'
    const net = new ResNet(BasicBlock, [1, 1, 1, 1], { numClasses: 4, normLayer, zeroInitResidual })
    const images = rand([8, 3, 32, 32])
    const labels = [0, 1, 2, 3, 0, 1, 2, 3]
    await using trainer = await createTrainer(net, {
      optimizer: sgd({ lr: 0.01, momentum: 0.9 }),
      loss: crossEntropy()
    })
    const losses: number[] = []
    for (let step = 0; step < 12; step++) losses.push((await trainer.step({ images, labels })).loss)
    expect(losses[11]).toBeLessThan(0.95 * losses[0])
    await trainer.stateDict()

    const input = ['N', 3, 32, 32] as const
    await using run = await compile(net.eval(), { input })
    expect((await run(rand([2, 3, 32, 32]))).data.every(Number.isFinite)).toBe(true)
    expect(exportOnnx(net, { input }).byteLength).toBeGreaterThan(1_000_000)
  })
})
