import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PathError } from '../base/errors.js'
import { argument } from './terminal/argument.js'

/** A run's folder is easily taken for its checkpoint. @throws PathError naming the file that is meant. */
export function assertNoFolder(file: string): void {
  const best = join(file, 'best.safetensors')
  // Unless it is a folder from the hub.
  if (!existsSync(best) || existsSync(join(file, 'config.json'))) return
  throw new PathError(file, `is a folder, not a file; did you mean ${argument(best)}?`)
}
