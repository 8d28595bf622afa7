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

  it('frees the threads of networks that nobody holds, and says once that very many are held', async () => {
    const { stdout } = await node(`
      import { readdirSync } from 'node:fs'
      import { compile, createEngine } from 'resnet-ts'
      import { Conv2d } from 'resnet-ts/nn'
      const said = []
      const engine = createEngine({ threads: 3, onFallback: sentence => said.push(sentence) })
      const net = new Conv2d(1, 2, 1)
      const make = () => compile(net, { input: [1, 1, 4, 4], engine })
      const threads = () => readdirSync('/proc/self/task').length
      await make()
      const before = threads()
      let most = 0
      for (let i = 0; i < 60; i++) {
        await make()
        most = Math.max(most, threads() - before)
      }
      const quiet = said.length
      const held = []
      for (let i = 0; i < 67; i++) held.push(await make())
      console.log(JSON.stringify({ most, quiet, said }))
      await engine.dispose()
    `)
    const { most, quiet, said } = JSON.parse(stdout) as { most: number; quiet: number; said: string[] }
    // Without the collector's help 120.
    expect(most).toBeLessThan(90)
    expect(quiet).toBe(0)
    expect(said).toEqual([
      expect.stringMatching(/^More than 64 networks are open on one engine, .*dispose\(\)/)
    ])
  })
})
