// What the lab does for the part "Architecture": describes networks as plain data.
import { outlineNetwork, type NetworkOutline } from 'resnet-ts/inspect'
import { findModel, MODELS, plainTwin, SKIPS } from 'resnet-ts/models'

/** A model that can be picked. */
export interface ModelChoice {
  readonly name: string
  /** Height and width of the images it is made for. */
  readonly inputSize: number
  /** Whether something can stand on its shortcuts. */
  readonly takesSkip: boolean
}

/** A network to describe. */
export interface NetworkRequest {
  readonly model: string
  readonly classes?: number | undefined
  /** What stands on the shortcuts, where the model takes it. */
  readonly skip?: string | undefined
  /** Whether to describe the plain twin, without shortcuts. */
  readonly isPlain: boolean
}

export const architecture = {
  /** Every model of the library, in its order. */
  models(): readonly ModelChoice[] {
    return Object.entries(MODELS).map(([name, { inputSize, takesSkip = false }]) => ({
      name,
      inputSize,
      takesSkip
    }))
  },

  /**
   * Describes a model.
   * @throws ResnetError that names the nearest models where there is none of that name.
   */
  describe({ model, classes, skip, isPlain }: NetworkRequest): NetworkOutline {
    const { build, inputSize, takesSkip = false } = findModel(model)
    const known = takesSkip ? SKIPS.find(name => name === skip) : undefined
    const net = build({
      ...(classes === undefined ? {} : { numClasses: classes }),
      ...(known === undefined ? {} : { skip: known })
    })
    const input = [1, 3, inputSize, inputSize]
    return outlineNetwork(isPlain ? plainTwin(net) : net, { input, name: model })
  }
}
