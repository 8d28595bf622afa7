// Optimisers against torch in float64 (tools/optim_goldens.py), and the same graphs on ONNX Runtime in float32.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectGraph } from '../ir/graph.js'
import { graphInput, toValue } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { expectClose } from '../ir/testing/expect-close.js'
import { interpret } from '../ir/testing/interpret.js'
import { runOnnx } from '../onnx/testing/run-onnx.js'
import { tensor } from '../tensor/tensor.js'
import { adam, adamw } from './adam.js'
import { clipByGlobalNorm, ema } from './building-blocks.js'
import { lamb } from './lamb.js'
import { lars } from './lars.js'
import { OptimError, type Optimizer } from './optimizer.js'
import { rmsprop } from './rmsprop.js'
import { sgd } from './sgd.js'
import { SHAPES, trainToy, type ToyOptions, type ToyState } from './testing/toy-problem.js'

interface Golden {
  /** The parameters, or their averages, after some steps. */
  readonly steps: Readonly<Record<string, readonly (readonly number[])[]>>
  /** torch's final state of the first parameter. */
  readonly slots: Readonly<Record<string, readonly number[]>>
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../test/goldens/optim/optimizers.json', import.meta.url), 'utf8')
) as { cases: Readonly<Record<string, Golden>> }

/** Both sides compute in float64, but a graph's constants are float32, and averages accumulate their rounding errors. */
const ROUNDED_OPTIONS_TOLERANCE = 1e-6
/** Three steps in float32, some with quotients of small differences. */
const FLOAT32_TOLERANCE = 1e-5

const nesterov = { momentum: 0.9, nesterov: true, weightDecay: 0.01 }
const OPTIMIZERS: Readonly<Record<string, readonly [Optimizer, ToyOptions?]>> = {
  'sgd: plain': [sgd({ lr: 0.05 })],
  'sgd: weight decay': [sgd({ lr: 0.05, weightDecay: 0.01 })],
  'sgd: momentum': [sgd({ lr: 0.05, momentum: 0.9 })],
  'sgd: momentum and weight decay': [sgd({ lr: 0.05, momentum: 0.9, weightDecay: 1e-4 })],
  'sgd: dampening': [sgd({ lr: 0.05, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 })],
  'sgd: nesterov': [sgd({ lr: 0.05, ...nesterov })],
  'adam: defaults': [adam()],
  'adam: fast': [adam({ lr: 0.05, betas: [0.8, 0.95], eps: 1e-3 })],
  'adam: weight decay': [adam({ lr: 0.01, weightDecay: 0.1 })],
  'adam: amsgrad': [adam({ lr: 0.05, betas: [0.9, 0.9], amsgrad: true })],
  'adam: short memory': [adam({ lr: 0.01, betas: [0, 0.25] })],
  'adamw: defaults': [adamw()],
  'adamw: no weight decay': [adamw({ lr: 0.01, weightDecay: 0 })],
  'adamw: strong weight decay': [adamw({ lr: 0.05, weightDecay: 0.5 })],
  'adamw: amsgrad': [adamw({ lr: 0.05, betas: [0.9, 0.9], amsgrad: true })],
  'rmsprop: defaults': [rmsprop()],
  'rmsprop: weight decay': [rmsprop({ lr: 0.01, weightDecay: 0.1, eps: 1e-3 })],
  'rmsprop: momentum': [rmsprop({ lr: 0.01, momentum: 0.9, alpha: 0.9 })],
  'rmsprop: centered': [rmsprop({ lr: 0.01, centered: true })],
  'rmsprop: everything': [
    rmsprop({ lr: 0.01, alpha: 0.95, momentum: 0.5, centered: true, weightDecay: 0.01 })
  ],
  'lars: plain': [lars({ lr: 0.05 })],
  'lars: momentum and weight decay': [lars({ lr: 5, momentum: 0.9, weightDecay: 0.01 })],
  'lars: nesterov': [lars({ lr: 5, ...nesterov, trustCoefficient: 0.002 })],
  'lars: always adapt': [lars({ lr: 5, momentum: 0.5, alwaysAdapt: true })],
  'lars: zero weights': [lars({ lr: 0.05, weightDecay: 0.01 }), { zeroWeights: true }],
  'lars: zero gradient': [lars({ lr: 0.05, weightDecay: 0.01 }), { zeroGradient: true }],
  'lars: nothing': [lars({ lr: 0.05, alwaysAdapt: true }), { zeroWeights: true, zeroGradient: true }],
  'lamb: defaults': [lamb()],
  'lamb: fast': [lamb({ lr: 0.02, betas: [0.8, 0.95], weightDecay: 0.1 })],
  'lamb: no weight decay': [lamb({ lr: 0.02, weightDecay: 0 })],
  'lamb: always adapt': [lamb({ lr: 0.02, weightDecay: 0, alwaysAdapt: true })],
  'lamb: zero weights': [lamb({ lr: 0.02 }), { zeroWeights: true }],
  'lamb: nothing': [lamb({ lr: 0.02 }), { zeroWeights: true, zeroGradient: true }],
  'clipping: clipped': [sgd({ lr: 0.05, momentum: 0.9 }), { maxNorm: 1.5 }],
  'clipping: not clipped': [sgd({ lr: 0.05, momentum: 0.9 }), { maxNorm: 1e3 }],
  'ema: 0.9': [sgd({ lr: 0.05 }), { average: ema({ decay: 0.9 }) }],
  'ema: 0.25': [sgd({ lr: 0.05 }), { average: ema({ decay: 0.25 }) }]
}

/** The states after each of the first steps. */
async function train(count: number, ...args: Parameters<typeof trainToy>): Promise<ToyState[]> {
  const states: ToyState[] = []
  for await (const state of trainToy(...args)) if (states.push(state) === count) break
  return states
}

describe('an optimiser', () => {
  it('covers every golden case', () => {
    expect(Object.keys(OPTIMIZERS)).toEqual(Object.keys(cases))
  })

  describe.each(Object.entries(OPTIMIZERS))('%s', (name, [optimizer, options = {}]) => {
    it("computes torch's parameters", async () => {
      const states = await train(100, optimizer, interpret, options)
      for (const [step, expected] of Object.entries(cases[name].steps)) {
        expected.forEach((data, i) => {
          const found = states[Number(step) - 1][`${options.average ? 'average' : 'parameter'}${i}`]
          const golden = { data: Float64Array.from(data), shape: SHAPES[i] }
          expectClose(found, golden, ROUNDED_OPTIONS_TOLERANCE, `step ${step}`)
        })
      }
    })

    it("keeps torch's state, under the same names", async () => {
      const [last] = (await train(100, optimizer, interpret, options)).slice(-1)
      expect([...optimizer.slots].sort()).toEqual(Object.keys(cases[name].slots).sort())
      for (const [slot, data] of Object.entries(cases[name].slots)) {
        const golden = { data: Float64Array.from(data), shape: SHAPES[0] }
        expectClose(last[`${slot}0`], golden, ROUNDED_OPTIONS_TOLERANCE, slot)
      }
    })

    it('computes the same on ONNX Runtime', async () => {
      const [found] = (await train(3, optimizer, runOnnx, options, 'float32')).slice(-1)
      const [expected] = (await train(3, optimizer, interpret, options)).slice(-1)
      expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort())
      for (const [key, value] of Object.entries(expected)) {
        expectClose(found[key], value, FLOAT32_TOLERANCE, key)
      }
    })

    it('has the same scalars at every step', () => {
      expect(Object.keys(optimizer.scalars(100))).toEqual(Object.keys(optimizer.scalars(1)))
    })
  })

  const makers = Object.values(OPTIMIZERS).map(([optimizer]) => optimizer)

  it('keeps the shapes of parameters and slots', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...makers),
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }),
        fc.constantFrom(0, 0.01),
        (optimizer, shape, weightDecay) => {
          const like = (name: string): Value => graphInput(name, shape)
          const { parameter, slots } = optimizer.update({
            parameter: like('parameter'),
            gradient: like('gradient'),
            learningRate: graphInput('lr', []),
            weightDecay,
            slot: like,
            scalar: name => graphInput(name, [])
          })
          expect(Object.keys(slots).sort()).toEqual([...optimizer.slots].sort())
          for (const value of [parameter, ...Object.values(slots)]) {
            expect([value.shape, value.dtype]).toEqual([shape, 'float32'])
          }
        }
      )
    )
  })

  it('keeps parameters bit for bit without gradient and weight decay', async () => {
    const still = [sgd({ lr: 0.1 }), sgd({ lr: 0.1, momentum: 0.9 }), adam(), adamw({ weightDecay: 0 })]
    for (const optimizer of [...still, rmsprop(), lars(), lamb({ weightDecay: 0 })]) {
      for (const run of [interpret, runOnnx]) {
        const [first, , third] = await train(3, optimizer, run, { zeroGradient: true }, 'float32')
        expect(third.parameter0.data, optimizer.name).toEqual(first.parameter0.data)
        expect([...third.parameter1.data]).toEqual(
          Array.from({ length: 12 }, (_, i) => (((i * 37 + 170) % 101) - 50) / 16)
        )
      }
    }
  })

  it('needs few passes over a parameter', () => {
    const x = graphInput('x', [8])
    const passes = (optimizer: Optimizer): number => {
      const { parameter, slots } = optimizer.update({
        parameter: x,
        gradient: graphInput('g', [8]),
        learningRate: graphInput('lr', []),
        weightDecay: optimizer.weightDecay,
        slot: name => graphInput(name, [8]),
        scalar: name => graphInput(name, [])
      })
      const outputs = [parameter, ...Object.values(slots)].map((value, i) => ({ name: `${i}`, value }))
      const seen = new Set<Value>()
      const visit = (value: Value): void => {
        if (!seen.has(value)) value.inputs.forEach(visit)
        seen.add(value)
      }
      outputs.forEach(({ value }) => visit(value))
      return [...seen].filter(({ origin, shape }) => origin.kind === 'node' && shape.length > 0).length
    }
    expect({
      sgd: passes(sgd({ lr: 0.1, momentum: 0.9, weightDecay: 1e-4 })),
      adam: passes(adam()),
      adamw: passes(adamw()),
      rmsprop: passes(rmsprop()),
      lars: passes(lars({ momentum: 0.9, weightDecay: 1e-4 })),
      lamb: passes(lamb())
    }).toEqual({ sgd: 6, adam: 12, adamw: 13, rmsprop: 9, lars: 9, lamb: 17 })
  })
})

describe('invalid options are refused', () => {
  const not = (message: string): OptimError => new OptimError(message)

  it.each([
    [() => sgd({ lr: -1 }), 'sgd: lr: expected a number of at least 0, got -1'],
    [() => sgd({ lr: NaN }), 'sgd: lr: expected a number of at least 0, got NaN'],
    [() => sgd({ lr: 1, momentum: -0.9 }), 'sgd: momentum: expected a number of at least 0, got -0.9'],
    [() => sgd({ lr: 1, weightDecay: -1 }), 'sgd: weightDecay: expected a number of at least 0, got -1'],
    [() => sgd({ lr: 1, dampening: Infinity }), 'sgd: dampening: expected a finite number, got Infinity'],
    [() => sgd({ lr: 1, nesterov: true }), 'sgd: nesterov needs a momentum above 0 and a dampening of 0'],
    [
      () => sgd({ lr: 1, momentum: 0.9, dampening: 0.1, nesterov: true }),
      'sgd: nesterov needs a momentum above 0 and a dampening of 0'
    ],
    [
      () => adam({ betas: [0.9, 1] }),
      'adam: betas: expected an array of 2, each a number of at least 0 and below 1, got [0.9, 1]'
    ],
    [
      () => adamw({ betas: [-0.1, 0.9] }),
      'adamw: betas: expected an array of 2, each a number of at least 0 and below 1, got [-0.1, 0.9]'
    ],
    [() => adam({ eps: -1 }), 'adam: eps: expected a number of at least 0, got -1'],
    [() => rmsprop({ alpha: 1 }), 'rmsprop: alpha: expected a number of at least 0 and below 1, got 1'],
    [() => rmsprop({ momentum: -1 }), 'rmsprop: momentum: expected a number of at least 0, got -1'],
    [() => lars({ trustCoefficient: 0 }), 'lars: trustCoefficient: expected a number above 0, got 0'],
    [() => lars({ nesterov: true }), 'lars: nesterov needs a momentum above 0 and a dampening of 0'],
    [() => lamb({ weightDecay: -1 }), 'lamb: weightDecay: expected a number of at least 0, got -1'],
    [() => ema({ decay: 1 }), 'ema: decay: expected a number of at least 0 and below 1, got 1'],
    [() => clipByGlobalNorm([], 0), 'clipByGlobalNorm: maxNorm: expected a number above 0, got 0']
  ])('%s', (make, message) => {
    expect(make).toThrow(not(message))
  })
})

const compute = (value: Value): number => interpret(collectGraph([], [{ name: 'y', value }]), {}).y.data[0]

describe('ema', () => {
  it('of equal values is that value, though float32 rounds the decay', async () => {
    const [average, parameter] = [graphInput('average', [4]), graphInput('parameter', [4])]
    for (const decay of [0.9999, 0.999, 0.7, 0.3]) {
      const graph = collectGraph(
        [average, parameter],
        [{ name: 'y', value: ema({ decay })(average, parameter) }]
      )
      const same = tensor([0.1, -1 / 3, 1e-20, 1e20])
      const { y } = await runOnnx(graph, { average: same, parameter: same })
      expect([...y.data], `decay ${decay}`).toEqual([...same.data])
    }
  })

  it('with a decay of 0 is the parameter, however small next to the average', () => {
    const [average, parameter] = [tensor([1]), tensor([1e-30])]
    expect(compute(ema({ decay: 0 })(toValue(average), toValue(parameter)))).toBe(parameter.data[0])
  })
})

describe('clipByGlobalNorm', () => {
  it('takes the norm of all gradients as one vector', () => {
    const gradients = [tensor([3, 0], [2, 1]), tensor([4], []), tensor([12])].map(toValue)
    const clipped = (maxNorm: number): number[] => clipByGlobalNorm(gradients, maxNorm).map(compute)
    expect(clipped(14)).toEqual([3, 4, 12])
    expect(clipped(6.5)).toEqual([3, 4, 12].map(slope => expect.closeTo(slope / 2, 6) as number))
  })
})
