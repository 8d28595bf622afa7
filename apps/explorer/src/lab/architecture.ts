// What the lab does for the part "Architecture": describes networks as plain data.
import { outlineNetwork, readOutline, type NetworkOutline } from 'resnet-ts/inspect'
import { findModel, MODEL_GROUPS, MODELS, plainTwin, type ModelEntry, type Skip } from 'resnet-ts/models'

/** A model that can be picked. */
export interface ModelChoice extends Pick<ModelEntry, 'inputSize' | 'group' | 'numClasses' | 'takesSkip'> {
  readonly name: string
}

export interface NetworkRequest {
  readonly model: string
  readonly classes?: number | undefined
  /** What stands on the shortcuts, where the model takes it. */
  readonly skip: Skip
  /** Whether to describe the plain twin, without shortcuts. */
  readonly isPlain: boolean
}

export const architecture = {
  /** Every model of the library, group by group. */
  models(): readonly ModelChoice[] {
    const entries = Object.entries<ModelEntry>(MODELS)
    const inOrder = MODEL_GROUPS.flatMap(group => entries.filter(([, entry]) => entry.group === group))
    return inOrder.map(([name, { inputSize, group, numClasses, takesSkip = false }]) => ({
      name,
      inputSize,
      group,
      numClasses,
      takesSkip
    }))
  },

  /**
   * Describes a model.
   * @throws ResnetError that names the nearest models where there is none of that name.
   */
  describe({ model, classes, skip, isPlain }: NetworkRequest): NetworkOutline {
    const { build, inputSize, takesSkip = false } = findModel(model)
    const net = build({
      ...(classes === undefined ? {} : { numClasses: classes }),
      ...(takesSkip ? { skip } : {})
    })
    const input = [1, 3, inputSize, inputSize]
    return outlineNetwork(isPlain ? plainTwin(net, { input }) : net, { input, name: model })
  },

  /** Reads the outline that pasted code gave. @throws SchemaError when it cannot be drawn. */
  read(json: string): NetworkOutline {
    return readOutline(json)
  }
}
