import { describe, expect, it } from 'vitest'
import { MemoryError } from '../base/errors.js'
import { OutputReserve, outputsOf } from './output-reserve.js'

const port = (name: string, shape: readonly (number | string)[]) =>
  ({ name, isTensor: true, type: 'float32', shape }) as const
const session = (...outputs: (readonly (number | string)[])[]) => ({
  inputMetadata: [port('x', ['N', 3])],
  outputMetadata: outputs.map((shape, i) => port(`y${i}`, shape))
})
const batch = (size: number) => ({ x: { dims: [size, 3] } })

describe('outputsOf', () => {
  it('takes the batch from the input', () => {
    expect(outputsOf(session(['N', 10], [4]), batch(7))).toEqual([
      { form: 'y0, float32[7, 10],', bytes: 280 },
      { form: 'y1, float32[4],', bytes: 16 }
    ])
  })

  it('leaves out an output whose shape no input tells', () => {
    expect(outputsOf(session(['M', 10]), batch(7))).toEqual([])
    expect(outputsOf(session(['N', 10]), {})).toEqual([])
  })
})

describe('OutputReserve', () => {
  const huge = 2 ** 50

  it('refuses an output that has no room, and says how large it is', () => {
    expect(() => new OutputReserve().hold(session(['N', 10]), batch(huge))).toThrow(
      new MemoryError(
        'There is not enough memory for the output y0, float32[1125899906842624, 10], of 45035996.3 GB: a smaller batch, smaller images or fewer outputs may fit'
      )
    )
  })

  it('counts several together', () => {
    const { message } = caught(() => new OutputReserve().hold(session(['N', 1], ['N', 1]), batch(huge)))
    expect(message).toMatch(/^There is not enough memory for 2 outputs of \d+\.\d GB: /)
  })

  it('takes what fits', () => {
    expect(() => new OutputReserve().hold(session(['N', 10]), batch(2 ** 20))).not.toThrow()
  })
})

function caught(run: () => void): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
