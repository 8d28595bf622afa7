import { DatasetError, type Dataset } from './dataset.js'

/**
 * Rejects data sets without samples or with a single class.
 * @param name the name in messages.
 * @throws DatasetError when training is not possible.
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
