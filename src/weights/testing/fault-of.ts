import { expect } from 'vitest'
import { readWeights, type ReadWeightsOptions } from '../read-weights.js'
import { WeightsError } from '../bytes.js'

/** The fault, or undefined if the file could be read; other errors fail the test. */
export async function faultOf(bytes: Uint8Array, options?: ReadWeightsOptions): Promise<string | undefined> {
  try {
    const state = await readWeights(bytes, options)
    for (const { data, shape } of state.values()) {
      expect(data.length).toBe(shape.reduce((a, b) => a * b, 1))
    }
    return undefined
  } catch (error) {
    if (!(error instanceof WeightsError)) throw new Error('the error is not a WeightsError', { cause: error })
    // One line, without control characters.
    expect(error.message).toMatch(/^the given bytes: [^\p{Cc}\p{Cf}]+$/u)
    expect(error.message.length).toBeLessThan(600)
    return error.fault
  }
}
