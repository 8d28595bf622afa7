// Losses and their gradients against torch in float64: here because src/nn does not import autodiff.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { collectGraph } from '../ir/graph.js'
import { graphInput } from '../ir/operand.js'
import { expectClose } from '../ir/testing/expect-close.js'
import { ROUNDED_CONSTANT_TOLERANCE } from '../ir/testing/golden-cases.js'
import { interpret } from '../ir/testing/interpret.js'
import {
  binaryCrossEntropyWithLogits,
  crossEntropy,
  meanSquaredError,
  type CrossEntropyOptions,
  type Loss
} from '../nn/losses.js'
import { OptionError, ShapeError } from '../base/errors.js'
import { tensor } from '../tensor/tensor.js'
import { gradients } from './gradients.js'

interface Case {
  readonly options: CrossEntropyOptions
  readonly output: readonly (readonly number[])[]
  readonly target: readonly number[] | readonly (readonly number[])[]
  readonly loss: number
  readonly gradient: readonly (readonly number[])[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../test/goldens/losses.json', import.meta.url), 'utf8')
) as { cases: Record<string, Record<string, Case>> }

const LOSSES: Readonly<Record<string, (options: object) => Loss>> = {
  crossEntropy,
  binaryCrossEntropyWithLogits,
  meanSquaredError: options => meanSquaredError(options as Record<string, never>)
}

describe.each(Object.entries(LOSSES))('%s', (name, make) => {
  it.each(Object.entries(cases[name]))('and its gradient equal torch: %s', (_, golden) => {
    const loss = make(golden.options)
    const output = graphInput('output', [golden.output.length, golden.output[0].length])
    const { shape, dtype } = loss.target(output.shape)
    const target = graphInput('target', shape, dtype)
    const value = loss.apply(output, target)
    const [gradient] = gradients(value, [output])
    const numbers = golden.target.flat()
    const fed = {
      output: tensor(Float64Array.from(golden.output.flat()), output.shape.map(Number)),
      target:
        dtype === 'int64'
          ? tensor(BigInt64Array.from(numbers, BigInt), shape.map(Number))
          : tensor(Float64Array.from(numbers), shape.map(Number))
    }
    const outputs = [
      { name: 'loss', value },
      { name: 'gradient', value: gradient }
    ]
    const results = interpret(collectGraph([output, target], outputs), fed)
    expectClose(results.loss, { data: Float64Array.of(golden.loss), shape: [] }, ROUNDED_CONSTANT_TOLERANCE)
    const expected = { data: Float64Array.from(golden.gradient.flat()), shape: output.shape.map(Number) }
    expectClose(results.gradient, expected, ROUNDED_CONSTANT_TOLERANCE)
  })
})

describe('crossEntropy', () => {
  it('refuses invalid options', () => {
    expect(() => crossEntropy({ labelSmoothing: 1.5 })).toThrow(
      new OptionError('crossEntropy', 'labelSmoothing: expected a number from 0 to 1, got 1.5')
    )
    expect(() => crossEntropy({ weight: [1, -1] })).toThrow(
      new OptionError('crossEntropy', 'weight: expected an array, each a number of at least 0, got [1, -1]')
    )
    expect(() => crossEntropy({ weight: [1, 1] }).target([4, 3])).toThrow(
      new ShapeError('crossEntropy: 2 class weights do not fit an output of shape [4, 3]')
    )
    expect(() => crossEntropy().target([4, 3, 2])).toThrow(
      new ShapeError('crossEntropy: expected an output of shape [N, K], got [4, 3, 2]')
    )
  })
})
