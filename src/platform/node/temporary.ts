// Names of files that are written beside their target and then renamed, so that those left by killed processes are known.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'

const NAME = /^\.[\da-f-]{36}\.tmp$/

/** A new path in the target's folder. */
export function temporaryIn(folder: string): string {
  return join(folder, `.${randomUUID()}.tmp`)
}

export function isTemporary(name: string): boolean {
  return NAME.test(name)
}
