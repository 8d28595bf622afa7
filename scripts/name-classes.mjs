// Adds a static `name` to every class of the built library: printing a network and the names of errors depend on it, and
// applications' minifiers rename classes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CLASS = /^((?:export )?class (\w+)\b[^\n]*\{)$/gm

/** Rewrites the scripts of a built folder. */
export function nameClasses(built) {
  for (const entry of readdirSync(built, { recursive: true })) {
    if (!entry.endsWith('.js')) continue
    const path = join(built, entry)
    const text = readFileSync(path, 'utf8')
    const named = text.replace(CLASS, "$1\n    static name = '$2';")
    if (named !== text) writeFileSync(path, named)
  }
}
