// The models in groups, for a list that is easier to find one's way in.
import type { ModelGroup } from 'resnet-ts/models'
import type { ModelChoice } from '../lab/architecture.js'

/** The models by the group that the library says. */
export function groupModels(
  models: readonly ModelChoice[]
): (readonly [ModelGroup, readonly ModelChoice[]])[] {
  const groups = new Map<ModelGroup, ModelChoice[]>()
  for (const model of models) groups.set(model.group, [...(groups.get(model.group) ?? []), model])
  return [...groups]
}
