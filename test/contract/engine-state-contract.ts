// The contract of the tensors that an engine keeps between runs: they are read as written, change only through
// successful runs, and share no memory with the caller.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  add,
  createEngine,
  exportOnnx,
  Module,
  tensor,
  zeros,
  type Engine,
  type Shape,
  type StateDict,
  type Tensor,
  type Value
} from 'resnet-ts'
import { EngineError, exp, mul, type LoadedProgram, type StateSlot } from 'resnet-ts/functional'
import { bitsOf, floats } from '../support/small-training.js'
import type { Contract } from './contract.js'

/** The exponential of its input, infinite from 88.8. */
class Check extends Module {
  forward(x: Value): Value {
    return exp(x)
  }
}

/** Twice its input, checked to be finite. */
class Doubling extends Module {
  check = new Check()
  forward(x: Value): Value {
    this.check(x)
    return mul(x, 2)
  }
}

/** Its input plus one. */
class Counting extends Module {
  forward(x: Value): Value {
    return add(x, 1)
  }
}

const SHAPE = [3]
const FED: StateSlot = { name: 'count', input: 'x', output: 'logits' }

/** Tests one kind of engine. */
export function engineStateContract({ device }: Contract): void {
  const open = (): Engine => createEngine({ device, threads: 1 })
  let engine: Engine
  beforeAll(() => void (engine = open()))
  afterAll(() => engine.dispose())

  /** Doubles `count`, unless the exponential of an element is not finite. */
  const doubling = (on: Engine = engine): Promise<LoadedProgram> =>
    on.load({
      onnx: exportOnnx(new Doubling(), { input: SHAPE, outputs: ['check'] }),
      inputs: [],
      outputs: [{ name: 'check', dtype: 'float32', shape: SHAPE }],
      state: [FED],
      commitIf: ['check']
    })

  /** Its input plus one, with state for the input, the output or both. */
  const counting = (slot: StateSlot, shape: Shape = SHAPE): Promise<LoadedProgram> =>
    engine.load({
      onnx: exportOnnx(new Counting(), { input: shape }),
      inputs: slot.input === undefined ? [{ name: 'x', dtype: 'float32', shape }] : [],
      outputs: slot.output === undefined ? [{ name: 'logits', dtype: 'float32', shape }] : [],
      state: [slot]
    })

  const named = (tensors: Readonly<Record<string, Tensor>>): StateDict => new Map(Object.entries(tensors))
  const numbers = (state: StateDict): number[] => Array.from(state.get('count')?.data ?? [], Number)

  describe('a state', () => {
    const many = {
      floats: tensor(Float32Array.of(1.5, -0, NaN, Infinity, 1e-45, -3), [2, 3]),
      doubles: tensor(Float64Array.of(Math.PI, -0), [2]),
      long: tensor(BigInt64Array.of(2n ** 62n, -1n), [2, 1]),
      int: tensor(Int32Array.of(-7), [1]),
      bytes: tensor(Uint8Array.of(0, 255, 3), [3]),
      flags: tensor(Uint8Array.of(1, 0), [2], 'bool'),
      halves: tensor(Uint16Array.of(0x3c00, 0xfc00), [2], 'float16'),
      scalar: tensor(Float32Array.of(0.1), []),
      nothing: zeros([0, 4])
    }

    it('returns exactly what was written, all tensors or some', async () => {
      const state = await engine.createState(named(many))
      expect(bitsOf(await state.read())).toEqual(bitsOf(named(many)))
      const some = await state.read(['long', 'scalar'])
      expect(bitsOf(some)).toEqual(bitsOf(named({ long: many.long, scalar: many.scalar })))
      expect(await state.read([])).toEqual(new Map())
    })

    it('copies, so that tensors that were written or read may change', async () => {
      const given = tensor(Float32Array.of(0, 1, 2, 3, 4), [5])
      const view = tensor(given.data.subarray(1, 4), [3])
      const state = await engine.createState(named({ count: view }))
      given.data.fill(9)
      const found = await state.read()
      expect(numbers(found)).toEqual([1, 2, 3])
      floats(found, 'count').fill(8)
      expect(numbers(await state.read())).toEqual([1, 2, 3])
      expect(given.data.length).toBe(5)
    })

    it('transfers memory on request', async () => {
      const given = { whole: tensor([1, 2, 3]), part: tensor(Float32Array.of(4, 5, 6).subarray(1), [2]) }
      const expected = bitsOf(named(given))
      const state = await engine.createState(named(given), { transfer: true })
      expect(bitsOf(await state.read())).toEqual(expected)
      // A view of a larger buffer is copied nevertheless.
      expect([given.whole.data.length, given.part.data.length]).toEqual([0, 2])
    })

    it('accepts new tensors, and new values of the same shape and dtype', async () => {
      const state = await engine.createState(named({ count: tensor([1, 2, 3]), other: tensor([4]) }))
      await state.write(named({ count: tensor([5, 6, 7]), more: tensor([8]) }))
      const expected = bitsOf(named({ count: tensor([5, 6, 7]), other: tensor([4]), more: tensor([8]) }))
      expect(bitsOf(await state.read())).toEqual(expected)
      // If one does not match, none is written.
      const wrong = { other: tensor([0]), count: tensor([1, 2]) }
      await expect(state.write(named(wrong))).rejects.toThrow(EngineError)
      await expect(state.write(named(wrong))).rejects.toThrow(
        "the state's count is float32[3], not float32[2]"
      )
      await expect(state.write(named({ count: tensor(new Float64Array(3), [3]) }))).rejects.toThrow(
        'not float64[3]'
      )
      expect(bitsOf(await state.read())).toEqual(expected)
    })

    it('is a map and nothing else', async () => {
      const record = { count: tensor([1, 2, 3]) } as unknown as StateDict
      await expect(engine.createState(record)).rejects.toThrow(EngineError)
      await expect(engine.createState(record)).rejects.toThrow('a Map of tensors by name')
    })

    it('names unknown tensors', async () => {
      const state = await engine.createState(named({ count: tensor([1, 2, 3]) }))
      await expect(state.read(['count', 'counts'])).rejects.toThrow(EngineError)
      await expect(state.read(['count', 'counts'])).rejects.toThrow('no tensor named counts')
      const program = await counting({ name: 'total', input: 'x', output: 'logits' })
      await expect(program.run({}, { state })).rejects.toThrow('no tensor named total')
      expect(numbers(await state.read())).toEqual([1, 2, 3])
    })

    it('rejects calls after dispose, which may be called twice', async () => {
      const program = await doubling()
      const [state, other] = [
        await engine.createState(named({ count: tensor([1, 2, 3]) })),
        await engine.createState(named({ count: tensor([4, 5, 6]) }))
      ]
      await state.dispose()
      await state.dispose()
      for (const use of [
        () => state.read(),
        () => state.read([]),
        () => state.write(named({ count: tensor([1, 2, 3]) })),
        () => program.run({}, { state })
      ]) {
        await expect(use()).rejects.toThrow(EngineError)
        await expect(use()).rejects.toThrow('The state was disposed of')
      }
      expect(numbers(await other.read())).toEqual([4, 5, 6])
    })

    it('is disposed of with its engine', async () => {
      const own = open()
      const state = await own.createState(named({ count: tensor([1, 2, 3]) }))
      await own.dispose()
      await expect(state.read()).rejects.toThrow('The engine was disposed of')
      await expect(own.createState(named({}))).rejects.toThrow(EngineError)
      await state.dispose()
    })
  })

  describe('a program with state', () => {
    it('updates it in every run', async () => {
      const program = await doubling()
      const state = await engine.createState(named({ count: tensor([1, 2, 3]), other: tensor([7]) }))
      for (const factor of [2, 4, 8]) {
        const { check } = await program.run({}, { state })
        expect(check.data[0]).toBeCloseTo(Math.exp(factor / 2), 3)
        expect(numbers(await state.read(['count']))).toEqual([factor, 2 * factor, 3 * factor])
      }
      expect(bitsOf(await state.read(['other']))).toEqual(bitsOf(named({ other: tensor([7]) })))
    })

    it('leaves it unchanged if a checked output is not finite', async () => {
      const program = await doubling()
      const state = await engine.createState(named({ count: tensor([30, -0, 1e-45]) }))
      await program.run({}, { state })
      await program.run({}, { state })
      const before = bitsOf(await state.read())
      expect(numbers(await state.read())[0]).toBe(120)
      for (let i = 0; i < 2; i++) {
        // The caller still gets the error.
        const { check } = await program.run({}, { state })
        expect(Array.from(check.data, Number)).toEqual([Infinity, 1, 1])
        expect(bitsOf(await state.read())).toEqual(before)
      }
      // NaN is not finite either.
      await state.write(named({ count: tensor([NaN, 1, 1]) }))
      expect(Number.isFinite((await program.run({}, { state })).check.data[0])).toBe(false)
      expect(numbers(await state.read())).toEqual([NaN, 1, 1])
      await state.write(named({ count: tensor([1, 1, 1]) }))
      await program.run({}, { state })
      expect(numbers(await state.read())).toEqual([2, 2, 2])
    })

    it('may only read it, or only write it', async () => {
      const state = await engine.createState(named({ count: tensor([1, 2, 3]) }))
      const reading = await counting({ name: 'count', input: 'x' })
      const { logits } = await reading.run({}, { state })
      expect(Array.from(logits.data, Number)).toEqual([2, 3, 4])
      expect(numbers(await state.read())).toEqual([1, 2, 3])
      const writing = await counting({ name: 'count', output: 'logits' })
      expect(await writing.run({ x: tensor([7, 8, 9]) }, { state })).toEqual({})
      expect(numbers(await state.read())).toEqual([8, 9, 10])
      expect(Array.from((await reading.run({}, { state })).logits.data, Number)).toEqual([9, 10, 11])
    })

    it('runs with several independent states', async () => {
      const [twice, once] = [await doubling(), await counting(FED)]
      const states = [
        await engine.createState(named({ count: tensor([1, 2, 3]) })),
        await engine.createState(named({ count: tensor([10, 20, 30]) }))
      ]
      await Promise.all([
        twice.run({}, { state: states[0] }),
        once.run({}, { state: states[1] }),
        twice.run({}, { state: states[1] }),
        once.run({}, { state: states[0] })
      ])
      expect(numbers(await states[0].read())).toEqual([3, 5, 7])
      expect(numbers(await states[1].read())).toEqual([22, 42, 62])
    })

    it('rejects a state of another shape or dtype, and leaves it unchanged', async () => {
      const state = await engine.createState(named({ count: tensor([1, 2]) }))
      const program = await counting(FED)
      await expect(program.run({}, { state })).rejects.toThrow(EngineError)
      expect(numbers(await state.read())).toEqual([1, 2])
    })

    it("requires a state of its own engine, and no inputs in place of the state's tensors", async () => {
      const program = await doubling()
      const own = open()
      const foreign = await own.createState(named({ count: tensor([1, 2, 3]) }))
      await expect(program.run({})).rejects.toThrow('run it on one that the same engine made')
      await expect(program.run({}, { state: foreign })).rejects.toThrow(EngineError)
      const state = await engine.createState(named({ count: tensor([1, 2, 3]) }))
      await expect(program.run({ x: tensor([1, 2, 3]) }, { state })).rejects.toThrow('input x is not known')
      await own.dispose()
    })
  })
}
