// What training needs of a data set beyond its being one.
import { DatasetError, type Dataset } from './dataset.js'

/**
 * Refuses a data set from which nothing can be learned.
 * @param name what messages call it: a folder, most often.
 * @throws DatasetError when it has no samples, or fewer than two classes.
 */
export function assertTrainable({ length, classes }: Dataset, name = 'the data set'): void {
  if (length === 0) throw new DatasetError(name, 'has no samples to learn from')
  if (classes.length >= 2) return
  const only = classes.map(label => JSON.stringify(label)).join('')
  throw new DatasetError(name, `has one class only, ${only}; to tell classes apart takes two or more`)
}
