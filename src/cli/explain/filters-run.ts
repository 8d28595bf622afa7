// `resnet explain --method filters`: a convolution's weights as pictures.
import { filterSheet } from '../../explain/contact-sheet.js'
import { filtersOf } from '../../explain/features.js'
import { ResnetError } from '../../base/errors.js'
import { outputPaths } from './output-paths.js'
import { inputOf, openChosen, usualModel, type NetworkChoice } from '../network-options.js'
import { writeSeen } from './write-seen.js'

export interface FilterOptions extends NetworkChoice {
  readonly layer?: string
  readonly out?: string
  readonly alpha: number
  readonly json?: boolean
}

/**
 * Writes a contact sheet of filters.
 * @throws ResnetError when an image is given, or the layer is no convolution.
 */
export async function lookAtFilters(paths: readonly string[], options: FilterOptions): Promise<void> {
  const { out, alpha, json = false, layer: asked } = options
  if (paths.length > 0) {
    throw new ResnetError(`--method filters looks at weights and needs no image: leave out '${paths[0]}'`)
  }
  const opened = await openChosen(usualModel(options), 'apply')
  const { model, origin, net } = opened
  const { path: layer, weight } = filtersOf(net, inputOf(opened, undefined), asked)
  const [file] = await outputPaths([model], { out, method: 'filters' })
  const [count, channels, rows, columns] = weight.shape
  await writeSeen(file, {
    method: 'filters',
    title: `Filters of ${layer} in ${model}`,
    classes: [],
    facts: {
      Layer: `${layer}: ${count} filters of ${channels} × ${rows} × ${columns}`,
      Network: `${model}, ${origin}`
    },
    sheet: filterSheet(weight),
    alpha
  })
  const report = { method: 'filters', layer, shape: weight.shape, files: [file] }
  process.stdout.write(
    json
      ? `${JSON.stringify([report], undefined, 2)}\n`
      : `${layer}: ${count} filters of ${rows} × ${columns} → ${file}\n`
  )
}
