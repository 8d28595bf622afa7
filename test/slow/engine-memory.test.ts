// The memory of a process that compiles many networks and disposes of none.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const node = (code: string, ...flags: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, [...flags, '--input-type=module', '-e', code])

describe('a process', () => {
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
})
