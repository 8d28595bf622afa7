// onnxruntime-web without resnet-ts: a session on the file that torch exported. The runtime is imported dynamically,
// because its threads run the script again that started them.
import type { InferenceSession } from 'onnxruntime-common'

/** A loaded model. */
export interface BareSession {
  run(data: Float32Array, shape: readonly number[]): Promise<Float32Array>
}

/** @param model the address of an ONNX file with input `x` and output `logits`. */
export async function openBare(model: string, threads: number): Promise<BareSession> {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm')
  env.wasm.numThreads = threads
  const session: InferenceSession = await InferenceSession.create(model, { executionProviders: ['wasm'] })
  if (env.wasm.numThreads !== threads)
    throw new Error(`onnxruntime-web runs ${env.wasm.numThreads} threads instead of ${threads}`)
  return {
    async run(data, shape) {
      const { logits } = await session.run({ x: new Tensor('float32', data, shape) })
      return logits.data as Float32Array
    }
  }
}
