// Whether data is what a network was trained on: what was held back for validation is only known for that.
import { access, realpath } from 'node:fs/promises'

/** What tells data from other data. */
export interface DataIdentity {
  /** A folder, or the name of data that comes with the package. */
  readonly path: string
  /** How many there are in all; checkpoints did not always say. */
  readonly images?: number
  readonly classes: readonly string[]
}

/** Where a path leads, however it is written; what leads nowhere, such as `digits`, stays as it is. */
export async function realPathOf(path: string): Promise<string> {
  return path === 'digits' ? path : realpath(path).catch(() => path)
}

/** Whether two are one; data that was moved since is known by its images and classes. */
export async function isSameData(recorded: DataIdentity, given: DataIdentity): Promise<boolean> {
  const [before, now] = await Promise.all([recorded.path, given.path].map(realPathOf))
  if (before === now) return true
  const isStillThere = await access(recorded.path).then(
    () => true,
    () => recorded.path === 'digits'
  )
  return !isStillThere && recorded.images === given.images && sameNames(recorded.classes, given.classes)
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, i) => name === others[i])
}
