// What the lab does for the part "Architecture": describes networks as plain data.
import { MODELS } from 'resnet-ts'

/** A model that can be picked. */
export interface ModelChoice {
  readonly name: string
  /** Height and width of the images it is made for. */
  readonly inputSize: number
  /** Whether something can stand on its shortcuts. */
  readonly takesSkip: boolean
}

export const architecture = {
  /** Every model of the library, in its order. */
  models(): readonly ModelChoice[] {
    return Object.entries(MODELS).map(([name, { inputSize, takesSkip = false }]) => ({
      name,
      inputSize,
      takesSkip
    }))
  }
}
