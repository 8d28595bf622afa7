// Which programs of a run stay loaded: with an engine that only counts.
import { describe, expect, it } from 'vitest'
import { Flatten } from '../../nn/layers/shaping.js'
import { Linear } from '../../nn/layers/linear.js'
import type { Module } from '../../nn/module/module.js'
import { sgd } from '../../optim/sgd.js'
import { EngineError, type Engine, type LoadedProgram, type Program } from '../../runtime/engine.js'
import { Programs, type Evaluation, type Training } from './programs.js'
import type { MicroBatch } from './training-graph.js'
import { Sequential } from '../../nn/layers/containers.js'
import { BatchNorm2d } from '../../nn/layers/normalisation.js'
import { modesOf } from '../../nn/trace/trace.js'
import { crossEntropy } from '../../nn/losses.js'

const unused = (): never => {
  throw new EngineError('this engine only loads')
}

/** Loads nothing, and knows what it would hold. */
class CountingEngine implements Engine {
  readonly isOpen = true
  readonly open = new Set<LoadedProgram>()
  /** What each program that was loaded changes of a state. */
  readonly changes: string[][] = []
  most = 0
  fails = false

  get loads(): number {
    return this.changes.length
  }

  async load({ state = [] }: Program): Promise<LoadedProgram> {
    // What has no state only asks what the runtime has kernels for.
    if (state.length === 0) return unused()
    this.changes.push(state.flatMap(({ name, output }) => (output === undefined ? [] : [name])))
    if (this.fails) throw new EngineError('no')
    const dispose = async (): Promise<void> => {
      if (!this.open.delete(program)) throw new EngineError('disposed of twice')
    }
    const program = { device: 'cpu', run: unused, dispose, [Symbol.asyncDispose]: dispose } as const
    this.open.add(program)
    this.most = Math.max(this.most, this.open.size)
    return program
  }

  readonly createState = unused
  readonly dispose = unused
  readonly [Symbol.asyncDispose] = unused
}

const loss = crossEntropy()
const rest = { loss, optimizer: sgd({ lr: 0.1 }), settings: new Map(), accumulate: 4 }
const setUp = (): {
  engine: CountingEngine
  net: Module
  programs: Programs
  step: (batch: number, microBatch?: MicroBatch) => Promise<Training>
  measure: (batch: number, averaged?: boolean) => Promise<Evaluation>
} => {
  const engine = new CountingEngine()
  const net = new Sequential({ bn: new BatchNorm2d(1), flat: new Flatten(), fc: new Linear(4, 2) })
  const programs = new Programs(net, engine)
  return {
    engine,
    net,
    programs,
    step: (batch, microBatch = 'last') =>
      programs.training({ ...rest, input: [batch, 1, 2, 2], microBatch }, modesOf(net)),
    measure: (batch, averaged = false) => programs.evaluation([batch, 1, 2, 2], loss, averaged)
  }
}

describe('programs', () => {
  it('are three of a kind at most, however many sizes of batches come', async () => {
    const { engine, step } = setUp()
    for (let batch = 40; batch > 0; batch--) await step(batch)
    expect(engine.loads).toBe(40)
    expect(engine.open.size).toBe(3)
    // Room is made first: there is never one more than that.
    expect(engine.most).toBe(3)
  })

  it('stay while they are used, and come back when they are wanted again', async () => {
    const { engine, step } = setUp()
    const usual = await step(32)
    for (let batch = 31; batch > 20; batch--) {
      await step(batch)
      expect(await step(32)).toBe(usual)
    }
    expect(engine.loads).toBe(12)
    expect(engine.open.has(usual.program)).toBe(true)
    const gone = await step(31)
    expect(engine.loads).toBe(13)
    expect(engine.open.has(gone.program)).toBe(true)
  })

  it('are of the network as it is when they are asked for, also while room is made for them', async () => {
    const { engine, net, step } = setUp()
    for (let batch = 1; batch < 4; batch++) await step(batch)
    const fourth = step(4)
    net.eval()
    await fourth
    expect(engine.changes[3]).toContain('bn.running_mean')
    expect(engine.changes[3]).toEqual(engine.changes[0])
  })

  it('are as many as there are patterns of modes, each made once, and leave the modes as they are', async () => {
    const { engine, net, programs, step } = setUp()
    const [bn] = net.children()
    const moving = await step(8)
    bn.eval()
    const still = await step(8)
    expect(engine.changes.map(changes => changes.includes('bn.running_mean'))).toEqual([true, false])
    expect(await step(8)).toBe(still)
    const kept = modesOf(net)
    net.train()
    expect(await step(8)).toBe(moving)
    expect(engine.loads).toBe(2)
    // The modes of the step count, not those of the moment.
    const options = { ...rest, input: [8, 1, 2, 2] }
    expect(await programs.training(options, kept)).toBe(still)
    await programs.training({ ...options, input: [4, 1, 2, 2] }, kept)
    expect(engine.changes[2]).not.toContain('bn.running_mean')
    expect([...modesOf(net).values()]).toEqual([true, true, true, true])
  })

  it('of one kind do not drive out those of another', async () => {
    const { engine, step, measure } = setUp()
    const kept = [await step(8, 'first'), await step(8, 'middle'), await measure(8), await measure(8, true)]
    for (let batch = 1; batch < 8; batch++) await step(batch)
    for (const { program } of kept) expect(engine.open.has(program)).toBe(true)
    expect(engine.open.size).toBe(4 + 3)
  })

  it('that cannot be made take no place, and are tried again', async () => {
    const { engine, step } = setUp()
    engine.fails = true
    await expect(step(4)).rejects.toThrow('no')
    engine.fails = false
    await step(4)
    expect(engine.open.size).toBe(1)
  })

  it('are all freed at the end', async () => {
    const { engine, programs, step, measure } = setUp()
    for (let batch = 1; batch < 6; batch++) {
      await step(batch)
      await measure(batch)
    }
    await programs.dispose()
    await programs.dispose()
    expect(engine.open.size).toBe(0)
  })
})
