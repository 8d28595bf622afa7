import { assertIndex, DatasetError, type Dataset } from './dataset.js'

/**
 * Concatenates data sets (torch: `ConcatDataset`).
 * @throws DatasetError when there is none, or their classes or channels differ.
 */
export function concatenateDatasets(datasets: readonly Dataset[]): Dataset {
  const [first, ...rest] = datasets
  if (!first) throw new DatasetError('concatenate', 'needs at least one data set')
  for (const { channels, classes } of rest) {
    const isAlike = channels === first.channels && JSON.stringify(classes) === JSON.stringify(first.classes)
    if (!isAlike) throw new DatasetError('concatenate', 'the data sets differ in their classes or channels')
  }
  const length = datasets.reduce((sum, dataset) => sum + dataset.length, 0)
  const labels = new Int32Array(length)
  const starts: number[] = []
  let filled = 0
  for (const dataset of datasets) {
    labels.set(dataset.labels, filled)
    starts.push(filled)
    filled += dataset.length
  }
  return {
    length,
    classes: first.classes,
    labels,
    channels: first.channels,
    source(index) {
      assertIndex(index, length)
      // The last part starting at or before the index, since empty parts start where the next one does.
      const part = starts.findLastIndex(start => start <= index)
      return datasets[part].source(index - starts[part])
    }
  }
}
