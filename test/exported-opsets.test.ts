// What is exported computes the same bits in ONNX Runtime whatever operator set it is written in.
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import {
  cifar_resnet8,
  createTrainer,
  exportOnnx,
  manualSeed,
  rand,
  ResNet,
  sgd,
  type Module
} from 'resnet-ts'
import { CBAMBottleneck, CifarPreActResNet } from 'resnet-ts/models'

const NETWORKS: Readonly<Record<string, () => Module>> = {
  cifar: () => cifar_resnet8(),
  preact: () => new CifarPreActResNet(20),
  // Its attention reduces by the mean and the maximum over channels, the one operation that differs.
  cbam: () => new ResNet(CBAMBottleneck, [1, 1, 1, 1], { numClasses: 10, widthPerGroup: 8 })
}

it.each(Object.entries(NETWORKS))('%s', async (_, make) => {
  manualSeed(0)
  const net = make()
  const size = 32
  const images = rand([2, 3, size, size])
  const logitsIn = async (opset: 17 | 18 | 20 | undefined): Promise<number[]> => {
    const onnx = exportOnnx(net, { input: ['N', 3, size, size], ...(opset && { opset }) })
    const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1 })
    try {
      const { logits } = await session.run({ x: new OrtTensor('float32', images.data, images.shape) })
      return [...new Uint32Array((logits.data as Float32Array).slice().buffer)]
    } finally {
      await session.release()
    }
  }
  const byDefault = await logitsIn(undefined)
  expect(new Set(byDefault).size).toBeGreaterThan(1)
  for (const opset of [18, 20] as const) expect(await logitsIn(opset), `opset ${opset}`).toEqual(byDefault)
})

it('knows no other operator set', () => {
  const options = { input: ['N', 3, 32, 32], opset: 16 } as unknown as Parameters<typeof exportOnnx>[1]
  expect(() => exportOnnx(cifar_resnet8(), options)).toThrow(
    'exportOnnx: opset: expected 17, 18 or 20, got 16'
  )
})

it("has none of ONNX Runtime's own operators, after training too", async () => {
  const net = cifar_resnet8()
  await using trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.1 }) })
  await trainer.step({ images: rand([4, 3, 32, 32]), labels: [0, 1, 2, 3] })
  for (const batch of ['N', 4] as const)
    expect(Buffer.from(exportOnnx(net, { input: [batch, 3, 32, 32] })).includes('com.microsoft')).toBe(false)
})
