// Whether data is what a network was trained on, which decides whether its held-out images are known.
import { access, realpath } from 'node:fs/promises'

/** Identifies data. */
export interface DataIdentity {
  /** A folder, or the name of bundled data. */
  readonly path: string
  /** The number of images; older checkpoints lack it. */
  readonly images?: number
  readonly classes: readonly string[]
}

/** The canonical path; names such as `digits` are unchanged. */
export async function realPathOf(path: string): Promise<string> {
  return path === 'digits' ? path : realpath(path).catch(() => path)
}

/** Whether two are the same; moved data is recognised by its images and classes. */
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
