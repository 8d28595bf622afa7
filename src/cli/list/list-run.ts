import { summarize } from '../../inspect/summary/summary.js'
import { MODELS } from '../../models/registry.js'
import { print, printJson } from '../terminal/output.js'

export interface ListOptions {
  readonly json?: boolean
}

export function list({ json }: ListOptions): void {
  const models = Object.entries(MODELS).map(([model, { build, inputSize, weights }]) => {
    const { parameters, multiplyAdds } = summarize(build(), { input: [1, 3, inputSize, inputSize] })
    const published = Object.entries(weights)
      .filter(([member]) => member !== 'DEFAULT')
      .map(([name, { url, accuracy }]) => ({ name, url, ...accuracy }))
    const gmacs = Number((multiplyAdds / 1e9).toFixed(3))
    return { model, inputSize, parameters, gmacs, weights: published }
  })
  if (json) {
    printJson(models)
    return
  }
  const width = Math.max(...models.map(({ model }) => model.length))
  const lines = models.map(({ model, parameters, gmacs, weights }) => {
    const accuracies = weights.map(
      each => `${each.top1.toFixed(3)} (${each.name.replace('IMAGENET1K_', '')})`
    )
    const counts = `${parameters.toLocaleString('en-US').padStart(11)}  ${gmacs.toFixed(3).padStart(6)}`
    return `${model.padEnd(width)}  ${counts}  ${accuracies.join('  ')}`.trimEnd()
  })
  const head = `${'model'.padEnd(width)}  ${'parameters'.padStart(11)}  ${'GMACs'.padStart(6)}  ImageNet top-1 accuracy, %`
  print(head, ...lines)
}
