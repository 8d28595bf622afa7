// The models in groups, for a list that is easier to find one's way in.
import type { ModelChoice } from '../lab/architecture.js'
import type { Words } from '../words/words.js'

type Group = Exclude<keyof Words['architecture']['groups'], 'own'>

const GROUPS: readonly (readonly [Group, RegExp])[] = [
  ['cifar', /^cifar_/],
  ['vgg', /^vgg/],
  ['attention', /^(se|cbam|eca)_/],
  ['preact', /^preact_/],
  ['tweaks', /\d[cd]$/],
  ['resnet', /^/]
]
const ORDER: readonly Group[] = ['resnet', 'cifar', 'preact', 'attention', 'tweaks', 'vgg']

/** The models by group, in the order in which they are listed; no group is empty. */
export function groupModels(models: readonly ModelChoice[]): (readonly [Group, readonly ModelChoice[]])[] {
  const groupOf = ({ name }: ModelChoice): Group =>
    GROUPS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'resnet'
  return ORDER.map(group => [group, models.filter(model => groupOf(model) === group)] as const).filter(
    ([, members]) => members.length > 0
  )
}
