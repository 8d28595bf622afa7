// onnxruntime-web as one uses it without us: a session on the file that torch exported.
// Imported as it first runs, as its kernels' threads need it: they run the script that they were started from again.
import type { InferenceSession } from 'onnxruntime-common'

/** A model, ready to run on images of one size. */
export interface BareSession {
  run(data: Float32Array, shape: readonly number[]): Promise<Float32Array>
}

/** @param model the address of an ONNX file with input `x` and output `logits`. */
export async function openBare(model: string, threads: number): Promise<BareSession> {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm')
  env.wasm.numThreads = threads
  const session: InferenceSession = await InferenceSession.create(model, { executionProviders: ['wasm'] })
  if (env.wasm.numThreads !== threads) throw new Error(`onnxruntime-web has ${env.wasm.numThreads} threads`)
  return {
    async run(data, shape) {
      const { logits } = await session.run({ x: new Tensor('float32', data, shape) })
      return logits.data as Float32Array
    }
  }
}
