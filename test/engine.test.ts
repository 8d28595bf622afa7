// Node's engine: the engine contract, and its effects on the process.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { add, cast, compile, tensor, type Value } from 'resnet-ts/functional'
import { ModuleBuffer, Linear, Module } from 'resnet-ts/nn'
import { engineContract } from './contract/engine-contract.js'

engineContract({ device: 'cpu', work: [8, 224], others: ['cuda', 'webgpu', 'coreml', 'dml'] })

describe('a process', () => {
  const node = (code: string, ...flags: string[]): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, [...flags, '--input-type=module', '-e', code], { timeout: 50_000 })

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

  it('frees sessions that are garbage-collected', async () => {
    // 20 sessions of 16 MB, each with as much outside ONNX Runtime, would take 700 MB if they were not freed.
    const { stdout } = await node(
      `
      import { compile, init, Linear, zeros } from 'resnet-ts'
      const net = new Linear(2048, 2048)
      init.zeros(net.weight)
      const x = zeros([1, 2048])
      for (let i = 0; i < 20; i++) {
        await (await compile(net, { input: ['N', 2048] }))(x)
        gc()
        await new Promise(resolve => setTimeout(resolve, 5))
      }
      console.log(process.memoryUsage().rss / 2 ** 20)
    `,
      '--expose-gc'
    )
    expect(Number(stdout)).toBeLessThan(500)
  })

  it('collects networks with few runs before memory runs out', async () => {
    // 30 times 64 MB, without calling the garbage collector.
    const { stdout } = await node(`
      import { compile, init, Linear, zeros } from 'resnet-ts'
      const net = new Linear(4096, 4096)
      init.zeros(net.weight)
      const x = zeros([1, 4096])
      let most = 0
      for (let i = 0; i < 30; i++) {
        await (await compile(net, { input: ['N', 4096], expectedRuns: 'few' }))(x)
        await new Promise(resolve => setTimeout(resolve, 5))
        most = Math.max(most, process.memoryUsage().rss)
      }
      console.log(most / 2 ** 20)
    `)
    expect(Number(stdout)).toBeLessThan(1000)
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
