// The contract of every engine, tested through `compile`.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  add,
  BatchNorm2d,
  compile,
  Conv2d,
  createEngine,
  manualSeed,
  Module,
  Parameter,
  rand,
  relu,
  ReLU,
  resnet18,
  Sequential,
  tensor,
  type Engine,
  type Tensor,
  type Value
} from 'resnet-ts'
import { EngineError, mul } from 'resnet-ts/functional'
import { ModuleBuffer } from 'resnet-ts/nn'
import type { Contract } from './contract.js'

class Small extends Module {
  conv = new Conv2d(3, 4, 3, { padding: 1 })
  body = new Sequential(new ReLU(), new Conv2d(4, 2, 1))
  forward(x: Value): Value {
    return relu(this.body(this.conv(x)))
  }
}

const input = ['N', 3, 8, 8] as const

/** Tests one kind of engine. */
export function engineContract({ device, work, others }: Contract): void {
  let engine: Engine
  beforeAll(() => void (engine = createEngine({ device, onFallback: () => {} })))
  afterAll(() => engine.dispose())

  describe('compile', () => {
    it('runs any batch size in one session', async () => {
      manualSeed(1)
      const run = await compile(new Small(), { input, engine })
      const x = rand([5, 3, 8, 8])
      const all = await run(x)
      const last = await run(tensor(x.data.slice(4 * 3 * 64), [1, 3, 8, 8]))
      expect(all.shape).toEqual([5, 2, 8, 8])
      expect(last.data).toEqual(all.data.slice(4 * 2 * 64))
    })

    it('computes the same with runs: few', async () => {
      const net = resnet18({ numClasses: 10 })
      const x = rand([2, 3, 32, 32])
      const [often, seldom] = await Promise.all(
        (['many', 'few'] as const).map(async expectedRuns => {
          await using run = await compile(net, { input: ['N', 3, 32, 32], engine, expectedRuns })
          return (await run(x)).data
        })
      )
      const largest = Math.max(...often.map(Math.abs))
      seldom.forEach((value, i) => expect(Math.abs(value - often[i])).toBeLessThan(1e-5 * largest))
    })

    it.each(['many', 'few'] as const)('whatever its weights are called, for %s runs', async expectedRuns => {
      class Odd extends Module {
        logits = new Parameter(tensor([1, 2, 3], [3, 1, 1]))
        x = new ModuleBuffer(tensor([1, 2, 3], [3, 1, 1]))
        forward(image: Value): Value {
          return add(mul(image, this.logits), this.x)
        }
      }
      const run = await compile(new Odd(), { input: ['N', 3, 1, 1], engine, expectedRuns })
      expect([...(await run(tensor([10, 10, 10], [1, 3, 1, 1]))).data]).toEqual([11, 22, 33])
    })

    it('reports that the weights were transferred before', async () => {
      const net = new Small()
      await compile(net, { input, engine, transfer: true, expectedRuns: 'few' })
      for (const again of [
        compile(net, { input, engine }),
        compile(net, { input, engine, expectedRuns: 'few' })
      ]) {
        await expect(again).rejects.toThrow(
          "Small's conv.weight was transferred to an engine by an earlier compile with { transfer: true }"
        )
      }
    })

    it('returns intermediate outputs by name, with the values inside the network', async () => {
      const net = new Small()
      const x = rand([2, 3, 8, 8])
      const run = await compile(net, { input, outputs: ['conv', 'body.0', 'body'], engine })
      const results = await run(x)
      expect(Object.keys(results).sort()).toEqual(['body', 'body.0', 'conv', 'logits'])
      expect(results['body.0'].data).toEqual(results.conv.data.map(value => Math.max(0, value)))
      expect(results.logits.data).toEqual(results.body.data.map(value => Math.max(0, value)))
    })

    it.each(['many', 'few'] as const)('takes the weights it is given, for %s runs', async expectedRuns => {
      manualSeed(4)
      const build = (): Module => resnet18({ numClasses: 3 })
      const net = build()
      const gone = build()
      gone.loadStateDict(
        new Map(Array.from(net.stateDict(), ([key, t]) => [key, tensor(t.data.slice(), t.shape, t.dtype)]))
      )
      const x = rand([2, 3, 64, 64])
      const kept = await compile(net, { input: ['N', 3, 64, 64], engine, expectedRuns })
      const taken = await compile(gone, { input: ['N', 3, 64, 64], engine, expectedRuns, transfer: true })
      expect((await taken(x)).data).toEqual((await kept(x)).data)
      expect(net.stateDict().get('conv1.weight')?.data.length).toBe(64 * 3 * 49)
      expect(gone.stateDict().get('conv1.weight')?.data.length).toBe(0)
    })

    it.each(['many', 'few'] as const)(
      'takes weights that two layers share, for %s runs',
      async expectedRuns => {
        const shared = new Conv2d(3, 3, 17, { padding: 8 })
        const twice = (): Module => new Sequential(shared, new BatchNorm2d(3), shared, new BatchNorm2d(3))
        const x = rand([1, 3, 8, 8])
        const kept = await compile(twice(), { input, engine, expectedRuns })
        const expected = (await kept(x)).data
        const taken = await compile(twice(), { input, engine, expectedRuns, transfer: true })
        expect((await taken(x)).data).toEqual(expected)
      }
    )

    it('names a module that does not exist', async () => {
      const compiling = compile(new Small(), { input, outputs: ['layer9'], engine })
      await expect(compiling).rejects.toThrow("Small has no module named 'layer9'")
    })

    it('computes in evaluation mode and restores the mode', async () => {
      const net = resnet18({ numClasses: 2 }).train()
      await compile(net, { input: ['N', 3, 32, 32], engine })
      expect(net.training && net.bn1.training).toBe(true)
    })
  })

  describe('an engine', () => {
    it('leaves the event loop free during a run', async () => {
      const [batch, side] = work
      const run = await compile(resnet18(), { input: ['N', 3, side, side], engine })
      const x = rand([batch, 3, side, side])
      await run(x)
      let ticks = 0
      const timer = setInterval(() => ticks++, 1)
      const start = performance.now()
      for (let i = 0; i < 3; i++) await run(x)
      const elapsed = performance.now() - start
      clearInterval(timer)
      // A run on the caller's thread would allow one tick per run. A busy machine delays timers, so a tenth of the
      // possible ticks is required.
      expect(ticks).toBeGreaterThan(Math.max(3, elapsed / 10))
    })

    it.each([
      [null, 'null'],
      [[1, 2], '[1, 2]'],
      ['x', "'x'"]
    ])('shows an invalid input: %j', async (given, kind) => {
      const run = await compile(new Small(), { input, engine })
      await expect(run(given as unknown as Tensor)).rejects.toThrow(`input x: expected a Tensor, got ${kind}`)
    })

    it('copies inputs unless it may transfer them', async () => {
      const run = await compile(new Small(), { input, engine })
      const x = rand([1, 3, 8, 8])
      const expected = await run(x)
      expect(x.data.length).toBe(192)
      expect((await run(x, { transfer: true })).data).toEqual(expected.data)
      await expect(run(x)).rejects.toThrow('input x: its memory was transferred')
    })

    it('sends only the bytes of a view', async () => {
      const run = await compile(new Small(), { input, engine })
      const x = rand([3, 3, 8, 8])
      const view = tensor(x.data.subarray(192, 384), [1, 3, 8, 8])
      const expected = await run(tensor(x.data.slice(192, 384), [1, 3, 8, 8]))
      expect((await run(view, { transfer: true })).data).toEqual(expected.data)
      expect(x.data.length).toBe(576)
    })

    it('queues overlapping calls, and one that fails does not affect the others', async () => {
      const run = await compile(new Small(), { input, engine })
      const inputs = Array.from({ length: 12 }, () => rand([1, 3, 8, 8]))
      const expected: Float32Array[] = []
      for (const x of inputs) expected.push((await run(x)).data)
      const wrong = tensor(new Float32Array(12), [1, 3, 2, 2])
      const calls = inputs.flatMap(x => [run(x), run(wrong)])
      const outcomes = await Promise.allSettled(calls)
      outcomes.forEach((outcome, i) => {
        if (i % 2 === 0)
          expect(outcome).toMatchObject({ status: 'fulfilled', value: { data: expected[i / 2] } })
        else expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'EngineError' } })
      })
    })

    it('survives a program that ONNX Runtime rejects, also between others', async () => {
      const program = { onnx: new Uint8Array([1, 2, 3]), inputs: [], outputs: [] }
      const loads = [
        compile(new Small(), { input, engine }),
        engine.load(program),
        compile(new Small(), { input, engine })
      ]
      const outcomes = await Promise.allSettled(loads)
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      await expect(engine.load(program)).rejects.toThrow('The program has no bytes')
    })

    it('reports inputs that do not match', async () => {
      const run = await compile(new Small(), { input, engine })
      await expect(run(rand([1, 3, 8, 9]))).rejects.toThrow(
        'input x: expected float32[N, 3, 8, 8], got float32[1, 3, 8, 9]'
      )
      await expect(run(tensor(new Float64Array(192), [1, 3, 8, 8]))).rejects.toThrow(
        'got float64[1, 3, 8, 8]'
      )
      await expect(run(rand([0, 3, 8, 8]))).rejects.toThrow(EngineError)
    })

    it('frees a program on dispose, and rejects later calls', async () => {
      const run = await compile(new Small(), { input, engine })
      await run.dispose()
      await run.dispose()
      await expect(run(rand([1, 3, 8, 8]))).rejects.toThrow('disposed')
    })

    it('can be disposed of while calls are pending', async () => {
      const own = createEngine()
      const run = await compile(new Small(), { input, engine: own })
      const waiting = run(rand([64, 3, 8, 8]))
      await own.dispose()
      await expect(waiting).rejects.toThrow('disposed')
      await expect(run(rand([1, 3, 8, 8]))).rejects.toThrow(EngineError)
      expect(own.isOpen).toBe(false)
      await run.dispose()
    })

    it.each(others)('runs on %s, or warns once that it runs on the CPU', async device => {
      const onFallback = vi.fn()
      const own = createEngine({ device, onFallback })
      const net = new Small()
      const run = await compile(net, { input, engine: own })
      await compile(net, { input, engine: own })
      const x = rand([2, 3, 8, 8])
      const expected = await (await compile(net, { input, engine })).call(undefined, x)
      const found = await run(x)
      found.data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i], 4))
      if (run.device === 'cpu')
        expect(onFallback).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(device))
      else expect(onFallback).not.toHaveBeenCalled()
      await own.dispose()
    })

    it("chooses the fastest device for 'auto' without a warning", async () => {
      const onFallback = vi.fn()
      const own = createEngine({ device: 'auto', onFallback })
      const run = await compile(new Small(), { input, engine: own })
      expect((await run(rand([1, 3, 8, 8]))).shape).toEqual([1, 2, 8, 8])
      expect(onFallback).not.toHaveBeenCalled()
      await own.dispose()
    })
  })
}
