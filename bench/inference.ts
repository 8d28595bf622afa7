// A compiled network against onnxruntime-node on torch's export, and against torch itself.
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { compile, rand, readWeights } from 'resnet-ts'
import { findModel } from 'resnet-ts/models'
import type { PythonPeer } from './python-peer.js'
import { compare, timed } from './statistics.js'

/** Times one model at one batch size. */
export async function benchInference(
  python: PythonPeer,
  model: string,
  batch: number,
  files: { readonly onnx: string; readonly weights: string }
): Promise<void> {
  const runs = batch === 1 ? 15 : 4
  const net = findModel(model).build()
  net.loadStateDict(await readWeights(files.weights))
  const run = await compile(net, { input: ['N', 3, 224, 224] })
  const x = rand([batch, 3, 224, 224])
  const session = await InferenceSession.create(files.onnx)
  const feeds = { x: new OrtTensor('float32', x.data, x.shape) }
  for (let i = 0; i < 3; i++) await Promise.all([run(x), session.run(feeds)])
  const torch = (kind: string): Promise<number[]> =>
    python.times({ op: 'inference', model, batch, kind, runs })
  await compare(
    `inference, ${model}, batch ${batch}`,
    { name: 'resnet-ts', sample: () => timed(() => run(x), runs) },
    [
      {
        name: 'onnxruntime-node on torch’s export',
        goal: 1,
        sample: () => timed(() => session.run(feeds), runs)
      },
      { name: 'torch eager', goal: 1.5, sample: () => torch('eager') },
      { name: 'torch.jit.optimize_for_inference', goal: 1.1, sample: () => torch('optimized') }
    ],
    7
  )
  await run.dispose()
  await session.release()
}
