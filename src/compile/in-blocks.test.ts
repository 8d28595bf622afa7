import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import type { Device, Engine, LoadedProgram, Program } from '../runtime/engine.js'
import { Tensor } from '../tensor/tensor.js'
import { findBlock } from './in-blocks.js'

interface Runtime {
  /** Fails for a program. */
  readonly refuses?: (onnx: Buffer) => boolean
  /** Changes what a program gives. */
  readonly changes?: (onnx: Buffer, output: Float32Array) => Float32Array
  readonly device?: Device
}

/** An engine over this machine's ONNX Runtime, and the number of programs that it was given. */
function engineOf({ refuses, changes, device = 'cpu' }: Runtime = {}): {
  engine: Engine
  asked: () => number
} {
  let asked = 0
  const dispose = (): Promise<void> => Promise.resolve()
  const load = async (program: Program): Promise<LoadedProgram> => {
    asked++
    const onnx = Buffer.from(program.onnx)
    if (refuses?.(onnx)) throw new Error('no such operator')
    const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1, logSeverityLevel: 4 })
    return {
      device,
      async run(inputs) {
        const feeds = Object.entries(inputs).map(
          ([name, { data, shape }]) => [name, new OrtTensor('float32', data as Float32Array, shape)] as const
        )
        const { y } = await session.run(Object.fromEntries(feeds))
        const output = y.data as Float32Array
        return { y: new Tensor(changes?.(onnx, output) ?? output, y.dims, 'float32') }
      },
      dispose,
      [Symbol.asyncDispose]: dispose
    }
  }
  const createState = (): Promise<never> => Promise.reject(new Error('it has no state'))
  return {
    engine: { isOpen: true, load, createState, dispose, [Symbol.asyncDispose]: dispose },
    asked: () => asked
  }
}

const isBlocked = (onnx: Buffer): boolean => onnx.includes('com.microsoft.nchwc')

it("is a power of two of this machine's ONNX Runtime, which is asked once", async () => {
  const { engine, asked } = engineOf()
  const blocks = await Promise.all([findBlock(engine), findBlock(engine)])
  const times = asked()
  expect([8, 16]).toContain(blocks[0])
  expect(await findBlock(engine)).toBe(blocks[0])
  expect(blocks[1]).toBe(blocks[0])
  expect([times, asked()]).toEqual([3, 3])
})

it.each<[string, Runtime]>([
  ['has no such operators', { refuses: isBlocked }],
  ['has no such convolution', { refuses: onnx => isBlocked(onnx) && onnx.includes('activation') }],
  ['leaves images as they are', { changes: (_, output) => output.map((_each, i) => i) }],
  [
    'computes something else',
    {
      changes: (onnx, output) =>
        output.length > 64 && isBlocked(onnx) ? output.map(each => each * 1.01) : output
    }
  ],
  ['gives no numbers', { changes: (_, output) => (output.length > 64 ? output.fill(NaN) : output) }],
  ['runs elsewhere than on the CPU', { device: 'webgpu' }]
])('is nothing on an engine that %s', async (_, runtime) => {
  expect(await findBlock(engineOf(runtime).engine)).toBeUndefined()
})
