import { tableLines } from '../../base/table.js'
import { summarize } from '../../inspect/summary/summary.js'
import { findModel, MODELS, type ModelEntry } from '../../models/registry.js'
import { timmTags } from '../../models/timm-presets.js'
import type { TimmTag } from '../../models/timm-tags.js'
import { currentName } from '../../networks/named-model.js'
import { print, printJson, say, styled, terminalWidth, type Line } from '../terminal/output.js'

export interface ListOptions {
  readonly all?: boolean
  readonly tags?: boolean | string
  readonly json?: boolean
}

interface Listed {
  readonly model: string
  readonly parameters: number
  readonly gmacs: number
  readonly weights: readonly { readonly name: string; readonly top1: number }[]
}

export async function list({ tags, ...options }: ListOptions): Promise<void> {
  if (tags === undefined) listModels(options)
  else await listTags(tags === true ? undefined : String(tags), options)
}

function listModels({ json, all }: ListOptions): void {
  const known = Object.entries<ModelEntry>(MODELS)
  const chosen = all ? known : known.filter(([, { group }]) => group !== 'timm')
  const models = chosen.map(([model, { build, inputSize, weights }]) => {
    const { parameters, multiplyAdds } = summarize(build(), { input: [1, 3, inputSize, inputSize] })
    const published = Object.entries(weights)
      .filter(([member]) => member !== 'DEFAULT')
      .map(([name, { url, accuracy }]) => ({ name, url, ...accuracy }))
    const gmacs = Number((multiplyAdds / 1e9).toFixed(3))
    return { model, inputSize, parameters, gmacs, weights: published }
  })
  if (json) printJson(models)
  else print(...listLines(models), ...moreLines(known.length - models.length))
}

async function listTags(model: string | undefined, { json }: ListOptions): Promise<void> {
  if (model !== undefined) findModel((await currentName(model, say)).split('.')[0])
  const tags = await timmTags(model)
  if (json) printJson(tags)
  else if (tags.length === 0) say(`timm has no tags of ${model ?? ''}`)
  else print(...tagLines(tags))
}

/** A table of timm's pretrained networks. */
export function tagLines(tags: readonly TimmTag[]): Line[] {
  const rows = tags.map(({ name, repository, numClasses, licence, train, test }) => [
    name,
    repository === undefined ? 'no weights' : (licence ?? 'not stated'),
    String(train.cropSize),
    String(test.cropSize),
    numClasses === 0 ? 'none' : numClasses.toLocaleString('en-US')
  ])
  const heads = ['model and tag', 'licence', 'pixels', 'for tests', 'classes']
  const [head, ...lines] = tableLines([heads, ...rows], { left: 2 })
  return [[styled('dim', head)], ...lines]
}

/** Where the models are that are not listed. */
export function moreLines(models: number): Line[] {
  return models === 0 ? [] : ['', [styled('dim', `${models} more networks of timm: resnet list --all`)]]
}

/** The table of models; a narrow terminal shows the best of several accuracies, as names of models are not shortened. */
export function listLines(models: readonly Listed[], width = terminalWidth() ?? Infinity): Line[] {
  const most = Math.max(...models.map(({ weights }) => weights.length))
  const table = (shown: number): string[] => {
    const heads = shown === 1 ? ['top-1, %'] : ['ImageNet', 'top-1, %']
    const rows = models.map(({ model, parameters, gmacs, weights }) => {
      const accuracies = weights
        .slice(-shown)
        .map(each => `${each.top1.toFixed(3)} (${each.name.replace('IMAGENET1K_', '')})`)
      const padding = Array.from({ length: shown - accuracies.length }, () => '')
      return [model, parameters.toLocaleString('en-US'), gmacs.toFixed(3), ...accuracies, ...padding]
    })
    return tableLines([['model', 'parameters', 'GMACs', ...heads], ...rows], { left: 1 })
  }
  const roomy = table(most)
  const [head, ...lines] = roomy.some(line => line.length > width) ? table(1) : roomy
  return [[styled('dim', head)], ...lines]
}
