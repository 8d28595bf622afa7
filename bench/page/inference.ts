// A compiled network on WebAssembly against onnxruntime-web on torch's export, with the same weights and threads: in the
// page, which it blocks, and in a worker, as ours runs.
import { wrap } from 'comlink'
import { compile, createEngine, rand, readWeights, resnet18 } from 'resnet-ts'
import type { FloatTensor } from 'resnet-ts/functional'
import { compare, timed } from '../statistics.js'
import { openBare } from './bare-session.js'
import type { BareWorker } from './bare-worker.js'

/** The largest difference of logits, relative to the largest logit. */
const TOLERANCE = 1e-4

type Run = (x: FloatTensor) => Promise<Float32Array>

/** Times resnet18 at each batch size. */
export async function benchInference(threads: number): Promise<void> {
  const net = resnet18()
  net.loadStateDict(await readWeights(new Uint8Array(await (await fetch('resnet18.pth')).arrayBuffer())))
  await using engine = createEngine({ device: 'cpu', threads })
  const compiled = await compile(net, { input: ['N', 3, 224, 224], engine })
  const ours: Run = async x => (await compiled(x)).data
  const model = new URL('resnet18.onnx', location.href).href
  const inPage = await openBare(model, threads)
  const worker = new Worker(new URL('./bare-worker.ts', import.meta.url), { type: 'module' })
  const inWorker = wrap<BareWorker>(worker)
  await inWorker.open(model, threads)
  const peers: Readonly<Record<string, Run>> = {
    'onnxruntime-web in the page': ({ data, shape }) => inPage.run(data, shape),
    'onnxruntime-web in a worker': ({ data, shape }) => inWorker.run(data, shape)
  }
  for (const batch of [1, 8]) {
    const runs = batch === 1 ? 4 : 1
    const x = rand([batch, 3, 224, 224])
    const expected = await ours(x)
    for (const [name, run] of Object.entries(peers)) expectSame(name, await run(x), expected)
    await compare(
      `inference in Chromium on wasm, resnet18, batch ${batch}, ${threads} threads`,
      { name: 'resnet-ts', sample: () => timed(() => ours(x), runs) },
      Object.entries(peers).map(([name, run]) => ({
        name,
        goal: 0.91,
        sample: () => timed(() => run(x), runs)
      })),
      batch === 1 ? 21 : 9
    )
  }
  worker.terminate()
}

function expectSame(name: string, found: Float32Array, expected: Float32Array): void {
  const largest = Math.max(...expected.map(Math.abs))
  const distance = Math.max(...expected.map((value, i) => Math.abs(value - found[i]))) / largest
  // Negated, so that NaN fails too.
  if (!(distance <= TOLERANCE))
    throw new Error(`${name}'s logits differ from ours by ${distance} of the largest`)
  console.log(`  ${name}: logits equal ours within ${distance.toExponential(0)} of the largest`)
}
