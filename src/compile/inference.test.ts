// What plain JavaScript may pass in place of a network, a shape or names.
import { describe, expect, it } from 'vitest'
import { ResnetError } from '../base/errors.js'
import { exportOnnx, inferenceOf } from './inference.js'
import { Conv2d } from '../nn/layers/convolution.js'

const refuse = (net: unknown, options: unknown): string => {
  try {
    exportOnnx(net as Conv2d, options as { input: [number] })
  } catch (error) {
    expect(error).toBeInstanceOf(ResnetError)
    return (error as Error).message
  }
  return 'nothing'
}
const input = ['N', 3, 8, 8] as const

describe('exportOnnx', () => {
  it.each([
    [Conv2d, 'the function Conv2d'],
    [() => new Conv2d(3, 4, 3), 'a function'],
    ['resnet18', "'resnet18'"],
    [undefined, 'undefined']
  ])('refuses the network %o', (net, found) => {
    const fault = `expected a network such as resnet18(), got ${found}`
    expect(refuse(net, { input })).toBe(`exportOnnx: net: ${fault}`)
    expect(() => inferenceOf(net as unknown as Conv2d, input)).toThrow(fault)
  })

  it.each([
    [[-1, 3, 4, 4], '[-1, 3, 4, 4]'],
    ['abc', "'abc'"],
    [[NaN, 3], '[NaN, 3]'],
    [[1, 3, '4', 4], "[1, 3, '4', 4]"],
    [undefined, 'undefined']
  ])('refuses the shape %o', (shape, found) => {
    expect(refuse(new Conv2d(3, 4, 3), { input: shape })).toBe(
      `exportOnnx: input: expected a shape such as ['N', 3, 224, 224], got ${found}`
    )
  })

  it('refuses options that it does not know', () => {
    const net = new Conv2d(3, 4, 3)
    expect(refuse(net, { input, output: ['x'] })).toBe(
      "exportOnnx: unknown option 'output'; did you mean 'outputs'?"
    )
    expect(refuse(net, { input, outputs: 'conv' })).toContain('outputs: expected an array, each a string')
    expect(refuse(net, undefined)).toBe('exportOnnx: expected an object of options, got undefined')
  })
})
