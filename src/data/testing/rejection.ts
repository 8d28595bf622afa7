import { expect } from 'vitest'
import { DatasetError } from '../dataset.js'

/** The message of the expected `DatasetError`; anything else fails the test. */
export async function rejection(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    expect(error).toBeInstanceOf(DatasetError)
    return (error as DatasetError).message
  }
  throw new Error('nothing was refused')
}
