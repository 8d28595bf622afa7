// Whether a data set can be trained on.
import { DatasetError, type Dataset } from './dataset.js'

/**
 * Refuses a data set from which nothing can be learned.
 * @param name what messages call it: a folder, most often.
 * @throws DatasetError when it has no samples, or samples of one class only.
 */
export function assertTrainable({ length, classes, labels }: Dataset, name = 'the data set'): void {
  if (length === 0) throw new DatasetError(name, 'has no samples to learn from')
  const [only, ...others] = new Set(labels)
  if (others.length > 0) return
  const label = JSON.stringify(classes[only])
  const what =
    classes.length === 1
      ? `one class only, ${label}`
      : `samples of one class only, ${label}, of the ${classes.length} it names`
  throw new DatasetError(name, `has ${what}; to tell classes apart takes two or more`)
}
