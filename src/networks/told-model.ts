// The model that a training script's checkpoint says it is of: timm's script and PyTorch's ImageNet example write `arch`.
import { ResnetError } from '../base/errors.js'
import { namedModel } from './named-model.js'

export interface ToldModel {
  /** A name from the registry. */
  readonly model: string
  /** The same with its tag, if it has one. */
  readonly name: string
  /** As the file says it. */
  readonly said: string
}

/**
 * @param said by the file's entry `arch`.
 * @param onNote called with a sentence where the name is one that timm has given up.
 * @returns undefined where a file says nothing, or names no model that is here.
 */
export async function toldModel(
  said: string | undefined,
  onNote?: (note: string) => void
): Promise<ToldModel | undefined> {
  if (said === undefined) return undefined
  try {
    const { model, tag } = await namedModel(said, onNote)
    return { model, name: tag?.name ?? model, said }
  } catch (error) {
    if (error instanceof ResnetError) return undefined
    throw error
  }
}
