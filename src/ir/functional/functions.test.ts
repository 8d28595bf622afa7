// Functions composed of several ops, against torch in float64; and what plain JavaScript may pass to any of them.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ResnetError, ShapeError } from '../../base/errors.js'
import { graphInput } from '../operand.js'
import { expectClose } from '../testing/expect-close.js'
import {
  expectedTensor,
  FLOAT64_TOLERANCE,
  goldenGraph,
  interpretGolden,
  ROUNDED_CONSTANT_TOLERANCE,
  type Build,
  type Goldens
} from '../testing/golden-cases.js'
import * as F from './index.js'

const { cases } = JSON.parse(
  readFileSync(new URL('../../../test/goldens/ops/functions.json', import.meta.url), 'utf8')
) as Goldens

const EXACT: Readonly<Record<string, Readonly<Record<string, Build>>>> = {
  clamp: { plain: x => F.clamp(x, -0.5, 1.25) },
  relu6: { plain: x => F.relu6(F.mul(x, 4)) },
  silu: { plain: F.silu },
  logSoftmax: {
    'last axis': x => F.logSoftmax(x, -1),
    'first axis': x => F.logSoftmax(x, 0),
    'large values': x => F.logSoftmax(F.mul(x, 512), -1)
  },
  adaptiveAvgPool2d: {
    one: x => F.adaptiveAvgPool2d(x, 1),
    even: x => F.adaptiveAvgPool2d(x, [3, 7]),
    same: x => F.adaptiveAvgPool2d(x, [6, 7]),
    uneven: x => F.adaptiveAvgPool2d(x, [4, 2]),
    'more than there are': x => F.adaptiveAvgPool2d(x, [7, 9])
  },
  flatten: { 'from the second axis': x => F.flatten(x, 1), all: x => F.flatten(x) },
  transpose: { 'outer axes': x => F.transpose(x, 0, -1) },
  squeeze: { 'middle axis': x => F.squeeze(x, 1) },
  unsqueeze: { 'last axis': x => F.unsqueeze(x, -1) },
  chunk: {
    'last part, smaller': x => F.chunk(x, 2, 1)[1],
    'fewer parts than asked for': x => F.chunk(x, 3, 2)[1]
  }
}

const ROUNDED: Readonly<Record<string, Readonly<Record<string, Build>>>> = {
  gelu: { plain: F.gelu },
  adaptiveAvgPool2d: { 'uneven, thirds': x => F.adaptiveAvgPool2d(x, [4, 3]) }
}

const flat = (table: typeof EXACT): [string, string, Build][] =>
  Object.entries(table).flatMap(([name, builds]) =>
    Object.entries(builds).map(([each, build]): [string, string, Build] => [name, each, build])
  )

function agrees(name: string, each: string, build: Build, tolerance: number): void {
  const golden = cases[name][each]
  expectClose(interpretGolden(golden, goldenGraph(golden, build)), expectedTensor(golden), tolerance)
}

describe('functions equal torch', () => {
  it.each(flat(EXACT))('%s: %s', (name, each, build) => agrees(name, each, build, FLOAT64_TOLERANCE))

  it.each(flat(ROUNDED))('%s: %s, with a constant rounded to float32', (name, each, build) =>
    agrees(name, each, build, ROUNDED_CONSTANT_TOLERANCE)
  )

  it('has a case for each golden', () => {
    const names = [...flat(EXACT), ...flat(ROUNDED)].map(([name, each]) => `${name}: ${each}`)
    const goldens = Object.entries(cases).flatMap(([name, each]) =>
      Object.keys(each).map(key => `${name}: ${key}`)
    )
    expect(names.sort()).toEqual(goldens.sort())
  })
})

describe('what is no operand', () => {
  const x = graphInput('x', ['N', 3, 4, 4])
  /** As plain JavaScript calls it. */
  const untyped = (apply: (...given: never[]) => unknown, ...given: unknown[]): (() => unknown) => {
    return () => apply(...(given as never[]))
  }

  it.each([
    [F.add, [x], 'undefined'],
    [F.mul, [null, x], 'null'],
    [F.conv2d, [x], 'undefined'],
    [F.linear, [x, [1, 2]], '[1, 2]'],
    [F.relu, ['x'], "'x'"],
    [F.cat, [[x, undefined]], 'undefined'],
    [F.maxPool2d, [() => x, 2], 'a function'],
    [F.add, [x, {}], 'an object']
  ])('$name is told so', (apply, given, found) => {
    expect(untyped(apply, ...given)).toThrow(ShapeError)
    expect(untyped(apply, ...given)).toThrow(
      `expected a Value, a parameter, a tensor or a number as operand, got ${found}`
    )
  })

  it.each([
    [F.reshape, [x], 'reshape: shape: expected an array, got undefined'],
    [F.permute, [x, 0], 'permute: dims: expected an array, got 0'],
    [F.expand, [x], 'expand: shape: expected an array, got undefined'],
    [F.cat, [x], 'cat: values: expected an array, got an object of class Value'],
    [F.pad, [x, 1], 'pad: amounts: expected an array, got 1'],
    [F.cast, [x, 'float23'], "cast: dtype: expected 'float32', "],
    [F.maxPool2d, [x], 'expected a number, or two of them, for height and width, got undefined'],
    [F.avgPool2d, [x, [2]], 'expected a number, or two of them, for height and width, got [2]'],
    [F.adaptiveAvgPool2d, [x, 'a'], "expected a number, or two of them, for height and width, got 'a'"],
    [F.adaptiveAvgPool2d, [x, 2 ** 53], 'There is not enough memory for a tensor of '],
    [F.reshape, [x, [-1, Symbol('a')]], 'reshape: [N, 3, 4, 4] cannot become [-1, Symbol(a)]'],
    [F.reshape, [x, [Object.create(null)]], 'reshape: [N, 3, 4, 4] cannot become [an object]'],
    [F.reshape, [x, [48n, -1]], 'reshape: [N, 3, 4, 4] cannot become [48n, -1]'],
    [F.expand, [x, [() => 1]], 'expand: [N, 3, 4, 4] cannot be broadcast to [a function]'],
    [F.expand, [x, [[Symbol('a')]]], 'expand: [N, 3, 4, 4] cannot be broadcast to [an array of 1]'],
    [F.permute, [x, [Symbol('a')]], 'permute: axis Symbol(a) is out of range for 4 dimensions'],
    [graphInput, ['x', ['N', { toString: null }]], "'N' for the batch, got [N, an object]"]
  ])('$name is told what its other arguments must be', (apply, given, fault) => {
    expect(untyped(apply, ...given)).toThrow(ResnetError)
    expect(untyped(apply, ...given)).toThrow(fault)
  })
})
