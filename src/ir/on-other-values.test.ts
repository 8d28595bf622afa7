import { describe, expect, it } from 'vitest'
import { ShapeError } from '../base/errors.js'
import * as F from './functional/index.js'
import { collectGraph } from './graph.js'
import { onOtherValue } from './on-other-values.js'
import { graphInput } from './operand.js'
import { printGraph } from './text.js'

describe('onOtherValue', () => {
  const x = graphInput('x', [2])
  const w = graphInput('w', [2])
  const scale = F.exp(w)
  const y = F.add(F.mul(x, scale), x)
  const { values } = collectGraph([x, w], [{ name: 'y', value: y }])

  it('rebuilds what depends on the replaced value, and keeps the rest', () => {
    const z = graphInput('z', [2])
    const again = onOtherValue(values, x, F.neg(z))(y)
    expect(printGraph(collectGraph([z, w], [{ name: 'y', value: again }]))).toMatchInlineSnapshot(`
      "graph(z: float32[2], w: float32[2]) {
        exp: float32[2] = exp(w)
        neg: float32[2] = neg(z)
        mul: float32[2] = mul(neg, exp)
        add: float32[2] = add(mul, neg)
        return y = add
      }"
    `)
    expect(onOtherValue(values, x, z)(scale)).toBe(scale)
    expect(onOtherValue(values, x, x)(y)).toBe(y)
  })

  it('checks the shapes again', () => {
    expect(() => onOtherValue(values, x, graphInput('z', [3]))).toThrow(ShapeError)
  })
})
