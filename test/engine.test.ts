// Node's engine: the engine contract, and its effects on the process.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { add, cast, compile, tensor, type Value } from 'resnet-ts/functional'
import { ModuleBuffer, Linear, Module } from 'resnet-ts/nn'
import { engineContract } from './contract/engine-contract.js'

engineContract({ device: 'cpu', work: [8, 224], others: ['cuda', 'webgpu', 'coreml', 'dml'] })

describe('a process', () => {
  const node = (code: string): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { timeout: 50_000 })

  const network = `
    import { compile, Linear, rand } from 'resnet-ts'
    const run = () => compile(new Linear(256, 256), { input: ['N', 256] })
  `

  it('exits even if the engine and the network were not disposed of', async () => {
    const { stdout, stderr } = await node(`${network}
      const r = await run()
      console.log((await r(rand([1, 256]))).shape.join())
    `)
    expect({ stdout, stderr }).toEqual({ stdout: '1,256\n', stderr: '' })
  })

  // ONNX Runtime's WebGPU build has no kernel for it, so the contract does not include it.
  it.each(['many', 'few'] as const)('reads bfloat16, for %s runs', async expectedRuns => {
    class Brief extends Module {
      shift = new ModuleBuffer(tensor(Uint16Array.of(0x3f80, 0x4000, 0x4040), [3], 'bfloat16'))
      forward(x: Value): Value {
        return add(x, cast(this.shift, 'float32'))
      }
    }
    const run = await compile(new Brief(), { input: ['N', 3], expectedRuns })
    expect([...(await run(tensor([10, 10, 10], [1, 3]))).data]).toEqual([11, 12, 13])
  })

  it('rejects mismatched inputs before running', async () => {
    const bad = new Linear(4, 4)
    await expect(compile(bad, { input: ['N', 5] })).rejects.toThrow('linear: input [N, 5]')
  })
})
