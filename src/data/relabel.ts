import { DatasetError, type Dataset } from './dataset.js'

/**
 * Relabels samples by another list of classes.
 * @param name the data set's name, for errors.
 * @throws DatasetError naming a class that is not in the list.
 */
export function relabel(dataset: Dataset, classes: readonly string[], name = 'the data set'): Dataset {
  const places = new Map(classes.map((known, index) => [known, index]))
  const table = dataset.classes.map(known => {
    const index = places.get(known)
    if (index !== undefined) return index
    const some = classes.slice(0, 5).join(', ')
    const more = classes.length > 5 ? `, and ${classes.length - 5} more` : ''
    throw new DatasetError(
      name,
      `has a class ${known} that the network does not know: it knows ${some}${more}`
    )
  })
  return {
    length: dataset.length,
    channels: dataset.channels,
    classes,
    labels: dataset.labels.map(label => table[label]),
    source: index => dataset.source(index)
  }
}
